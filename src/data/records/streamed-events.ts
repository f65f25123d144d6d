import type { DatasetSchema } from '../dataset-schema.ts';
import { sqlName } from '../duckdb.ts';
import { orderedRows } from '../parquet-files.ts';
import { eventIdColumn, receivedColumn, sessionColumn } from './event-records.ts';

/** What becomes of an event that was accepted: it counts, or why it does not. */
export const eventOutcomes = {
  counted:
    'counts: for the next answer of a model that knows the item and trains on such events, and from the next training on',
  identify: 'ignored: Identify names the user of a session and is no interaction',
  'no-item': 'ignored: an interaction needs an item, and the event has none',
  anonymous:
    'waits: its session has no user yet; answers to the session follow it, trainings after an event with a userId',
  repeated: 'ignored: an earlier event has the same eventId, eventType and itemId',
  identical: 'ignored: an earlier event of the user has the same time and the same content',
} as const;

export type EventOutcome = keyof typeof eventOutcomes;

/**
 * A query for the events in Parquet files of an Interactions dataset's records (`files`, oldest first), in the order in which they came,
 * `"$order"`: all their columns, beside `"$user"`, the user that an event counts for, and `"$outcome"`, an EventOutcome.
 *
 * The events of a session count for the first user that it had; an event counts once where it was sent again (spec events.md §2,
 * §8). Training and whoever explains an event to a person read the same query.
 *
 * @param where limits it to some events: with each must be those of the same user, session and eventId
 */
export function streamedEventsQuery(files: readonly string[], { fields }: DatasetSchema, where = 'true'): string {
  const [session, eventId] = [sqlName(sessionColumn), sqlName(eventIdColumn)];
  const content = fields.filter(({ name }) => name !== 'USER_ID').map(({ name }) => sqlName(name));
  return `
    WITH "$streamed" AS (SELECT * FROM ${orderedRows(files)} WHERE ${where}),
    "$sessions" AS (
      SELECT ${session} AS "$session", arg_min(USER_ID, "$order") AS "$owner"
      FROM "$streamed" WHERE USER_ID IS NOT NULL GROUP BY "$session"
    ),
    "$owned" AS (
      SELECT "$streamed".*, coalesce(USER_ID, "$owner") AS "$user",
        ${eventId} IS NOT NULL AND row_number() OVER (PARTITION BY ${eventId}, EVENT_TYPE, ITEM_ID ORDER BY "$order") > 1 AS "$again"
      FROM "$streamed" LEFT JOIN "$sessions" ON "$session" = ${session}
    ),
    "$compared" AS (
      SELECT *, row_number() OVER (
          PARTITION BY "$again", hash("$user", ${content.join(', ')}) ORDER BY "$order") > 1 AS "$same"
      FROM "$owned"
    )
    SELECT * EXCLUDE ("$again", "$same"), CASE
      WHEN ITEM_ID IS NULL AND EVENT_TYPE = 'Identify' THEN 'identify'
      WHEN ITEM_ID IS NULL THEN 'no-item'
      WHEN "$again" THEN 'repeated'
      WHEN "$user" IS NULL THEN 'anonymous'
      WHEN "$same" THEN 'identical'
      ELSE 'counted' END AS "$outcome"
    FROM "$compared"`;
}

/** Of those events the ones that train, as a file of an import job would have them. */
export function countedEventsQuery(files: readonly string[], schema: DatasetSchema): string {
  const columns = schema.fields.map(({ name }) => trainedColumns.get(name) ?? sqlName(name));
  return `SELECT ${columns.join(', ')} FROM (${streamedEventsQuery(files, schema)}) WHERE "$outcome" = 'counted' ORDER BY "$order"`;
}

/**
 * Columns that trainings see otherwise than they were sent. Nothing has happened after it was told: a clock that is fast must not make its
 * event the newest of all to come.
 */
const trainedColumns: ReadonlyMap<string, string> = new Map([
  ['USER_ID', `"$user" AS USER_ID`],
  ['TIMESTAMP', `least(TIMESTAMP, ${sqlName(receivedColumn)} // 1000) AS TIMESTAMP`],
]);
