import type { DatasetSchema, Field } from '../dataset-schema.ts';
import { type EventDatasetType, subjectColumns } from '../dataset-types.ts';
import type { FilePath } from '../encryption/file-path.ts';
import { sqlName } from '../engine/duckdb.ts';
import { orderedRows } from '../engine/parquet-files.ts';
import { eventIdColumn, receivedColumn, sessionColumn } from './event-lines.ts';
import { duckDbTypes } from './layout.ts';

/** The outcome of an event that was accepted: that it is used, or why it is not. */
export const eventOutcomes = {
  counted:
    'counts: for the next answer of a model that knows the item and trains on such events, and from the next training on',
  identify: 'ignored: Identify names the user of a session and is no interaction',
  'no-item': 'ignored: an interaction needs an item, and the event has none',
  anonymous:
    'waits: its session has no user yet; answers to the session follow it, trainings after an event with a userId',
  repeated: 'ignored: another event of the user or session with the same eventId, eventType and itemId came first',
  identical: 'ignored: another event of the user or session with the same time and the same content came first',
} as const;

export type EventOutcome = keyof typeof eventOutcomes;

export type StreamedEventsOptions = {
  /** Interactions unless given. */
  readonly type?: EventDatasetType;
  /** Limits it to some events: with each must be all those of the same user and session. */
  readonly where?: string;
};

/**
 * A query for the events in Parquet files of an Interactions dataset's records, or of an Action_Interactions dataset's
 * (`files`, oldest first), in the order in which they came, `"$order"`. It adds `"$user"`, the user that an event is
 * attributed to, and `"$outcome"`, an EventOutcome, to their columns.
 *
 * Events of a session are attributed to the first user that it had. An event that the same user, or a session without
 * one, sent again is a duplicate (spec events.md §2, §8). The one that was attributed first is kept; those of a session
 * are attributed when it gets its user. Training, live histories and the inspection of events agree on this.
 *
 * Names that the query adds begin with `$`, as no column of a schema can.
 */
export function streamedEventsQuery(
  files: readonly FilePath[],
  schema: DatasetSchema,
  { type = 'INTERACTIONS', where = 'true' }: StreamedEventsOptions = {},
): string {
  const subject = subjectColumns[type];
  const [session, eventId] = [sqlName(sessionColumn), sqlName(eventIdColumn)];
  const content = schema.fields.map(({ name }) => name).filter((name) => name !== 'USER_ID');
  const sent = `hash(${content.map(sqlName).join(', ')})`;
  const happened = `hash(${content.map((name) => (name === 'TIMESTAMP' ? happenedAt : sqlName(name))).join(', ')})`;
  return `
    WITH "$streamed" AS (SELECT * FROM (${orderedEventsQuery(files, schema)}) WHERE ${where}),
    "$sessions" AS (${sessionOwnersQuery('"$streamed"')}),
    "$owned" AS (
      SELECT "$streamed".*, coalesce(USER_ID, "$first") AS "$user",
        CASE WHEN "$user" IS NULL THEN ${session} END AS "$visitor",
        CASE WHEN USER_ID IS NULL THEN greatest("$order", "$joined") ELSE "$order" END AS "$since"
      FROM "$streamed" LEFT JOIN "$sessions" ON "$session" = ${session}
    ),
    "$compared" AS (
      SELECT *, ${eventId} IS NOT NULL AS "$named",
        row_number() OVER (
          PARTITION BY "$user", "$visitor", ${eventId}, CASE WHEN ${eventId} IS NULL THEN ${sent} END, EVENT_TYPE, ${subject}
          ORDER BY "$since", "$order") > 1 AS "$again"
      FROM "$owned"
    ),
    "$known" AS (
      SELECT *, row_number() OVER (PARTITION BY "$again", "$user", "$visitor", ${happened} ORDER BY "$since", "$order") > 1 AS "$same"
      FROM "$compared"
    )
    SELECT * EXCLUDE ("$visitor", "$since", "$named", "$again", "$same"), CASE
      WHEN ${subject} IS NULL AND EVENT_TYPE = 'Identify' THEN 'identify'
      WHEN ${subject} IS NULL THEN 'no-item'
      WHEN "$again" AND "$named" THEN 'repeated'
      WHEN "$again" OR "$same" THEN 'identical'
      WHEN "$user" IS NULL THEN 'anonymous'
      ELSE 'counted' END AS "$outcome"
    FROM "$known"`;
}

/**
 * The sessions of events that have a user, in columns `"$session"`, `"$first"`, the user that they are attributed to,
 * and `"$joined"`, the order of the event that named the user.
 */
export const sessionOwnersQuery = (events: string): string =>
  `SELECT ${sqlName(sessionColumn)} AS "$session", arg_min(USER_ID, "$order") AS "$first", min("$order") AS "$joined"
   FROM ${events} WHERE USER_ID IS NOT NULL GROUP BY ALL`;

/** The events of the files as they are, with `"$order"`; columns of the schema that no file has are null. */
export function orderedEventsQuery(
  files: readonly FilePath[],
  { fields }: { readonly fields: readonly Pick<Field, 'name' | 'type'>[] },
): string {
  const none = fields.map(({ name, type }) => `NULL::${duckDbTypes[type]} AS ${sqlName(name)}`);
  return `SELECT ${none.join(', ')} WHERE false UNION ALL BY NAME SELECT * FROM ${orderedRows(files)}`;
}

/** Of those events the ones that train, as a file of an import job would have them. */
export function attributedEventsQuery(
  files: readonly FilePath[],
  schema: DatasetSchema,
  type?: EventDatasetType,
): string {
  const columns = schema.fields.map(({ name }) => trainedColumns.get(name) ?? sqlName(name));
  return `SELECT ${columns.join(', ')} FROM (${streamedEventsQuery(files, schema, type && { type })}) WHERE "$outcome" = 'counted' ORDER BY "$order"`;
}

/** When an event happened: no later than it came, or a fast clock would make its event the newest of all to come. */
export const happenedAt = `least(TIMESTAMP, ${sqlName(receivedColumn)} // 1000)`;

/** Columns that trainings see otherwise than they were sent. */
const trainedColumns = new Map([
  ['USER_ID', `"$user" AS USER_ID`],
  ['TIMESTAMP', `${happenedAt} AS TIMESTAMP`],
]);
