import { setImmediate as letOthersRun } from 'node:timers/promises';
import { type EventDatasetType, subjectColumns } from '../../dataset-types.ts';
import type { FilePath } from '../../encryption/file-path.ts';
import { type DuckDb, integers, openDuckDb, present, sqlName } from '../../engine/duckdb.ts';
import { eventTypeKey } from '../../records/action-event-types.ts';
import { receivedColumn, sessionColumn } from '../../records/event-lines.ts';
import { happenedAt, orderedEventsQuery, sessionOwnersQuery } from '../../records/streamed-events.ts';
import { latestTime } from '../event-time.ts';
import type { EventStore } from './event-store.ts';
import type { EventTypes } from './events-by-type.ts';
import { ListBuilder } from './list-builder.ts';

export type ReadRequest = {
  /** What the dataset is of: Interactions unless given. */
  readonly dataset?: EventDatasetType | undefined;
  /** All of it, oldest first, imported ones and those with records of the log. */
  readonly files: readonly FilePath[];
  /** The types that are read. */
  readonly types: EventTypes;
  /** Most events of a user and type. */
  readonly limit: number;
  /** Sessions are remembered that had an event since then: milliseconds since the epoch. */
  readonly sessionsSince: number;
  readonly temporaryFolder: string;
  readonly signal: AbortSignal;
};

const memoryBytes = 2 ** 30;
/** Ids that are added without a pause: about a millisecond. */
const idsAtOnce = 1024;
const [session, received] = [sessionColumn, receivedColumn].map(sqlName);

/** Columns that are read, whether files have them or not. */
const columnsWith = (subject: string) => [
  ...['USER_ID', subject, 'EVENT_TYPE', sessionColumn].map((name) => ({ name, type: 'string' }) as const),
  ...['TIMESTAMP', receivedColumn].map((name) => ({ name, type: 'long' }) as const),
];

/**
 * Reads the newest events of each user and type into an empty store. DuckDB finds out whose each event is and orders
 * them, in numbers, so that lists arrive one after another.
 */
export async function readEvents(store: EventStore, request: ReadRequest): Promise<void> {
  const { files, signal, temporaryFolder, sessionsSince, dataset = 'INTERACTIONS' } = request;
  const subject = subjectColumns[dataset];
  if (files.length === 0) return;
  // One thread: answers do not wait for it, and need the others.
  using duckDb = await openDuckDb({ memoryBytes, temporaryFolder, threads: 1, files });
  await duckDb.run(`CREATE VIEW events AS ${orderedEventsQuery(files, { fields: columnsWith(subject) })}`);
  await createIds(duckDb, 'users', `SELECT DISTINCT USER_ID FROM events WHERE USER_ID <> ''`, signal);
  await createTypes(duckDb, store, request);
  const items = `SELECT DISTINCT ${subject} FROM events SEMI JOIN types ON name = EVENT_TYPE WHERE ${subject} <> ''`;
  await createIds(duckDb, 'items', items, signal);
  const late = `SELECT ${session} FROM events WHERE ${session} IS NOT NULL GROUP BY ALL HAVING max(${received}) >= ${sessionsSince}`;
  await createIds(duckDb, 'sessions', late, signal);
  const visits = `(SELECT * FROM events WHERE ${session} IS NOT NULL)`;
  await duckDb.run(`CREATE TABLE owners AS ${sessionOwnersQuery(visits)}`, signal);
  await createOrdered(duckDb, subject, signal);
  await readIds(duckDb, 'users', (id) => store.users.add(id), signal);
  await readIds(duckDb, 'items', (id) => store.items.add(id), signal);
  await readIds(duckDb, 'sessions', (id) => store.sessions.add(id), signal);
  await readOwners(duckDb, store, signal);
  await readOrdered(duckDb, store, request);
  await freeMemory(duckDb);
}

/** Frees what was read off the event loop: to close DuckDB frees all that it holds in one turn. */
async function freeMemory(duckDb: DuckDb): Promise<void> {
  for (const table of ['ordered', 'users', 'items', 'sessions', 'owners']) await duckDb.run(`DROP TABLE ${table}`);
  await duckDb.run(`SET memory_limit = '64MiB'`);
}

/** Creates a table that numbers the ids which a query selects. */
async function createIds(duckDb: DuckDb, table: string, ids: string, signal: AbortSignal): Promise<void> {
  await duckDb.run(
    `CREATE TABLE ${table} AS SELECT id, (row_number() OVER () - 1)::UINTEGER AS index FROM (${ids}) AS ids(id)`,
    signal,
  );
}

/** Creates the table `types` (name, code) of those to read: of names that are compared alike, the code is one. */
async function createTypes(
  duckDb: DuckDb,
  store: EventStore,
  { types, dataset = 'INTERACTIONS', signal }: ReadRequest,
): Promise<void> {
  await duckDb.run(`CREATE TABLE names AS SELECT DISTINCT EVENT_TYPE AS id FROM events WHERE EVENT_TYPE <> ''`, signal);
  await duckDb.run('CREATE TABLE types (name VARCHAR, code UINTEGER)');
  const appender = await duckDb.appender('types');
  const add = (name: string) => {
    const key = eventTypeKey(dataset, name);
    if (types !== 'any' && !types.has(key)) return;
    appender.appendVarchar(name);
    appender.appendUInteger(store.typeOf(key));
    appender.endRow();
  };
  await readIds(duckDb, 'names', add, signal);
  appender.closeSync();
}

/**
 * Creates the table `ordered`: owner (a user, or beyond the users a session without one), type, item and time of each
 * event. Lists of events follow one another, each with what came last at the top. An event of a session arrives when
 * the session gets its user.
 */
async function createOrdered(duckDb: DuckDb, subject: string, signal: AbortSignal): Promise<void> {
  // When it was attributed, and when it came, in one number: DuckDB sorts keys of more than 24 bytes half as fast.
  const arrival = `(greatest("$order", CASE WHEN USER_ID IS NULL THEN owners."$joined" END)::UBIGINT << 32) + "$order"::UBIGINT`;
  await duckDb.run(
    `CREATE TABLE ordered AS SELECT owner, type, item, time
     FROM (
       SELECT coalesce(users.index, sessions.index + (SELECT count(*) FROM users))::UINTEGER AS owner, types.code AS type,
         items.index AS item, least(greatest(${happenedAt}, 0), ${latestTime})::UINTEGER AS time, ${arrival} AS arrival
       FROM events LEFT JOIN owners ON owners."$session" = ${session}
         LEFT JOIN users ON users.id = coalesce(USER_ID, owners."$first") LEFT JOIN sessions ON sessions.id = ${session}
         JOIN types ON types.name = EVENT_TYPE JOIN items ON items.id = ${subject}
     ) WHERE owner IS NOT NULL ORDER BY owner, type, time DESC, arrival DESC`,
    signal,
  );
}

/** Shows the ids of a table in order; lets others run now and then. */
async function readIds(duckDb: DuckDb, table: string, add: (id: string) => void, signal: AbortSignal): Promise<void> {
  for await (const chunk of duckDb.stream(`SELECT id FROM ${table}`, await duckDb.count(`FROM ${table}`), signal)) {
    const column = chunk.getColumnVector(0);
    for (let row = 0; row < chunk.rowCount; row++) {
      if (row % idsAtOnce === 0) await letOthersRun();
      add(String(column.getItem(row)));
    }
  }
}

/** Says whose the sessions are that have a user. */
async function readOwners(duckDb: DuckDb, store: EventStore, signal: AbortSignal): Promise<void> {
  const query = `SELECT sessions.index, users.index FROM sessions JOIN owners ON "$session" = sessions.id JOIN users ON users.id = "$first"`;
  for await (const chunk of duckDb.stream(query, await duckDb.count(query, signal), signal)) {
    const [visits, users] = [integers(chunk, 0), integers(chunk, 1)];
    for (let row = 0; row < chunk.rowCount; row++)
      store.join(present(visits.getItem(row)), present(users.getItem(row)));
  }
}

/** Takes the lists of `ordered` into the store, each up to the limit and without repetitions. */
async function readOrdered(duckDb: DuckDb, store: EventStore, { limit, signal }: ReadRequest): Promise<void> {
  const list = new ListBuilder(store, limit);
  const query = 'SELECT owner, type, item, time FROM ordered';
  for await (const chunk of duckDb.stream(query, await duckDb.count('FROM ordered'), signal)) {
    const [owners, types, items, times] = [0, 1, 2, 3].map((column) => integers(chunk, column));
    for (let row = 0; row < chunk.rowCount; row++) {
      list.add(
        present(owners.getItem(row)),
        present(types.getItem(row)),
        present(items.getItem(row)),
        present(times.getItem(row)),
      );
    }
  }
  list.end();
}
