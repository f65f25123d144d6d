import type { DatasetSchema } from '../dataset-schema.ts';
import { openDuckDb, sqlName, sqlString } from '../duckdb.ts';
import { orderedRows } from '../parquet-files.ts';
import { eventIdColumn, receivedColumn, sessionColumn } from './event-records.ts';
import { type EventOutcome, streamedEventsQuery } from './streamed-events.ts';

/** An event as it was taken, and what became of it. */
export type ExplainedEvent = {
  /** Milliseconds since the epoch, by the server's clock. */
  readonly receivedAt: number;
  /** Seconds since the epoch, as the caller gave them. */
  readonly sentAt: number;
  readonly sessionId: string;
  readonly userId: string | null;
  readonly eventType: string;
  readonly itemId: string | null;
  readonly eventId: string | null;
  readonly eventValue: number | null;
  readonly recommendationId: string | null;
  /** The user that it counts for, where it is known by now. */
  readonly countsFor: string | null;
  readonly outcome: EventOutcome;
};

export type LatestEventsRequest = {
  /** Parquet files of the events, oldest first. */
  readonly files: readonly string[];
  readonly schema: DatasetSchema;
  /** Only events of this user, of sessions of the user, or of the session with this id. */
  readonly userId?: string | undefined;
  readonly limit: number;
  readonly temporaryFolder: string;
  readonly signal: AbortSignal;
};

const memoryBytes = 2 ** 29;
const [session, eventId, received] = [sessionColumn, eventIdColumn, receivedColumn].map(sqlName);

/** The events that came last, newest first, each with what became of it. */
export async function latestEvents(request: LatestEventsRequest): Promise<ExplainedEvent[]> {
  const { files, schema, userId, limit, temporaryFolder, signal } = request;
  if (files.length === 0) return [];
  using duckDb = await openDuckDb({ memoryBytes, temporaryFolder });
  const ordered = orderedRows(files);
  await duckDb.run(
    `CREATE TEMP TABLE latest AS SELECT "$order" AS place, ${session} AS session, ${eventId} AS id, USER_ID AS named FROM ${ordered}
     WHERE ${userId === undefined ? 'true' : ofUser(userId, ordered)} ORDER BY "$order" DESC LIMIT ${limit}`,
    signal,
  );
  // Whatever decides over the outcome of these events.
  const related = `${session} IN (SELECT session FROM latest) OR ${eventId} IN (SELECT id FROM latest)
    OR USER_ID IN (SELECT named FROM latest)`;
  const rows = await duckDb.run(
    `SELECT ${received}::DOUBLE AS received, TIMESTAMP::DOUBLE AS sent, ${session} AS session, USER_ID, EVENT_TYPE, ITEM_ID,
       ${eventId} AS id, EVENT_VALUE, RECOMMENDATION_ID, "$user" AS owner, "$outcome" AS outcome
     FROM (${streamedEventsQuery(files, schema, related)}) WHERE "$order" IN (SELECT place FROM latest) ORDER BY "$order" DESC`,
    signal,
  );
  return rows.map((row) => ({
    receivedAt: Number(row.received),
    sentAt: Number(row.sent),
    sessionId: String(row.session),
    userId: textOf(row.USER_ID),
    eventType: String(row.EVENT_TYPE),
    itemId: textOf(row.ITEM_ID),
    eventId: textOf(row.id),
    eventValue: row.EVENT_VALUE === null ? null : Number(row.EVENT_VALUE),
    recommendationId: textOf(row.RECOMMENDATION_ID),
    countsFor: textOf(row.owner),
    outcome: row.outcome as EventOutcome, // the query's CASE has no other values
  }));
}

const ofUser = (userId: string, ordered: string) =>
  `USER_ID = ${sqlString(userId)} OR ${session} = ${sqlString(userId)}
   OR ${session} IN (SELECT ${session} FROM ${ordered} WHERE USER_ID = ${sqlString(userId)})`;

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
