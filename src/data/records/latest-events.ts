import type { DatasetSchema } from '../dataset-schema.ts';
import { type EventDatasetType, subjectColumns } from '../dataset-types.ts';
import type { FilePath } from '../encryption/file-path.ts';
import { type DuckDb, openDuckDb, sqlName, sqlString } from '../engine/duckdb.ts';
import { personOf } from '../identity.ts';
import { eventIdColumn, receivedColumn, sessionColumn } from './event-lines.ts';
import { type EventOutcome, orderedEventsQuery, streamedEventsQuery } from './streamed-events.ts';

/** An event as it was accepted, and its outcome. */
export type ExplainedEvent = {
  /** Milliseconds since the epoch, by the server's clock. */
  readonly receivedAt: number;
  /** Seconds since the epoch, as the caller gave them. */
  readonly sentAt: number;
  readonly sessionId: string;
  readonly userId: string | null;
  readonly eventType: string;
  readonly itemId: string | null;
  /** Of an interaction with an action, which has no item. */
  readonly actionId?: string;
  readonly eventId: string | null;
  readonly eventValue: number | null;
  readonly recommendationId: string | null;
  /** The user that it is attributed to, if that is known by now. */
  readonly countsFor: string | null;
  readonly outcome: EventOutcome;
};

export type LatestEventsRequest = {
  /** Parquet files of the events, oldest first. */
  readonly files: readonly FilePath[];
  readonly schema: DatasetSchema;
  /** Interactions unless given. */
  readonly type?: EventDatasetType;
  /** Only events that are attributed to this user, or of the session that the id stands for. */
  readonly userId?: string | undefined;
  /** Whether a model that answers knows such a user. */
  isUserOfModel(userId: string): Promise<boolean>;
  readonly limit: number;
  readonly temporaryFolder: string;
  readonly signal: AbortSignal;
};

export type LatestEvents = {
  /** The user or session that was meant. */
  readonly userId?: string | undefined;
  /** Newest first, each with what became of it. */
  readonly events: readonly ExplainedEvent[];
};

const memoryBytes = 2 ** 29;
const [session, eventId, received] = [sessionColumn, eventIdColumn, receivedColumn].map(sqlName);

/** The events that came last. */
export async function latestEvents(request: LatestEventsRequest): Promise<LatestEvents> {
  const { files, schema, type = 'INTERACTIONS', userId, limit, temporaryFolder, signal } = request;
  const ofActions = type === 'ACTION_INTERACTIONS';
  if (files.length === 0) return { userId, events: [] };
  using duckDb = await openDuckDb({ memoryBytes, temporaryFolder, files });
  await duckDb.run(`CREATE TEMP VIEW "$ordered" AS ${orderedEventsQuery(files, schema)}`, signal);
  const asked = userId === undefined ? { where: 'true' } : await eventsOf(duckDb, userId, request);
  await duckDb.run(
    `CREATE TEMP TABLE "$latest" AS SELECT "$order" AS "$position", ${session} AS "$visited" FROM "$ordered"
     WHERE ${asked.where} ORDER BY "$order" DESC LIMIT ${limit}`,
    signal,
  );
  // Whatever decides over the outcome of these events: all that their users have done, in whatever session.
  const users = `SELECT USER_ID FROM "$ordered" WHERE ${session} IN (SELECT "$visited" FROM "$latest")`;
  const related = `${session} IN (SELECT ${session} FROM "$ordered" WHERE USER_ID IN (${users}))
    OR ${session} IN (SELECT "$visited" FROM "$latest")`;
  const rows = await duckDb.run(
    `SELECT ${received}::DOUBLE AS received, TIMESTAMP::DOUBLE AS sent, ${session} AS session, USER_ID AS user, EVENT_TYPE AS type,
       ${subjectColumns[type]} AS subject, ${eventId} AS id, ${ofActions ? 'NULL' : 'EVENT_VALUE'} AS value, RECOMMENDATION_ID AS recommendation, "$user" AS owner, "$outcome" AS outcome
     FROM (${streamedEventsQuery(files, schema, { type, where: related })}) WHERE "$order" IN (SELECT "$position" FROM "$latest") ORDER BY "$order" DESC`,
    signal,
  );
  const events = rows.map((row) => ({
    receivedAt: Number(row.received),
    sentAt: Number(row.sent),
    sessionId: String(row.session),
    userId: textOf(row.user),
    eventType: String(row.type),
    itemId: ofActions ? null : textOf(row.subject),
    ...(ofActions && { actionId: String(row.subject) }),
    eventId: textOf(row.id),
    eventValue: row.value === null ? null : Number(row.value),
    recommendationId: textOf(row.recommendation),
    countsFor: textOf(row.owner),
    outcome: row.outcome as EventOutcome, // the query's CASE has no other values
  }));
  return { userId: asked.id, events };
}

/** Whom an id means, and the condition that his or her events meet. */
type Asked = { readonly id?: string; readonly where: string };

async function eventsOf(
  duckDb: DuckDb,
  userId: string,
  { isUserOfModel, signal }: Pick<LatestEventsRequest, 'isUserOfModel' | 'signal'>,
): Promise<Asked> {
  const id = sqlString(userId);
  const [known] = await duckDb.run(
    `SELECT bool_or(USER_ID = ${id}) AS is_user, bool_or(${session} = ${id}) AS is_session,
       arg_min(USER_ID, "$order") FILTER (${session} = ${id} AND USER_ID IS NOT NULL) AS owner FROM "$ordered"`,
    signal,
  );
  const ofSession = { id: textOf(known?.owner) ?? userId, where: `${session} = ${id}` };
  const streamed = {
    user: known?.is_user === true ? { id: userId, where: countsFor(id) } : undefined,
    session: known?.is_session === true ? ofSession : undefined,
  };
  // Models are read only where they decide.
  const isUser = streamed.user === undefined && streamed.session !== undefined && (await isUserOfModel(userId));
  return personOf(streamed, isUser) ?? { id: userId, where: 'false' };
}

const countsFor = (id: string) =>
  `USER_ID = ${id} OR USER_ID IS NULL AND ${session} IN (
     SELECT ${session} FROM "$ordered" WHERE USER_ID IS NOT NULL GROUP BY ALL HAVING arg_min(USER_ID, "$order") = ${id})`;

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
