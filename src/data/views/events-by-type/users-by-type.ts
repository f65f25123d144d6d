import type { FilePath } from '../../encryption/file-path.ts';
import { type DuckDb, integers, openDuckDb, present, sqlName } from '../../engine/duckdb.ts';
import { eventTypeKey } from '../../records/action-event-types.ts';
import { sessionColumn } from '../../records/event-lines.ts';
import { orderedEventsQuery, sessionOwnersQuery } from '../../records/streamed-events.ts';
import { readTexts } from '../attributes/flat-texts.ts';
import type { EventTypes } from './events-by-type.ts';

export type UsersByTypeRequest = {
  /** Parquet files of an Interactions dataset, oldest first: all of it. */
  readonly files: readonly FilePath[];
  /** Event types to read (`eventTypeKey`), or any. */
  readonly types: EventTypes;
  /** The number of a user whose id stands in `bytes`; below 0 for one who does not count. */
  readonly numberOf: (bytes: Uint8Array, start: number, end: number) => number;
  readonly temporaryFolder: string;
  readonly signal: AbortSignal;
};

const memoryBytes = 2 ** 30;
const session = sqlName(sessionColumn);
const columns = ['USER_ID', 'ITEM_ID', 'EVENT_TYPE', sessionColumn].map((name) => ({ name, type: 'string' }) as const);

/**
 * By event type (`eventTypeKey`), the numbers of the users who have had such an event with any item, in any order. An
 * event of a session counts for the first user that the session had, as in training.
 *
 * It takes memory for the users and, 4 bytes each, for the pairs of a user and a type; DuckDB finds the pairs and
 * spills.
 */
export async function usersByType(request: UsersByTypeRequest): Promise<ReadonlyMap<string, Uint32Array>> {
  const { files, signal, temporaryFolder, numberOf } = request;
  const found = new Map<string, Uint32Array>();
  if (files.length === 0) return found;
  using duckDb = await openDuckDb({ memoryBytes, temporaryFolder, threads: 1, files });
  await duckDb.run(`CREATE VIEW events AS ${orderedEventsQuery(files, { fields: columns })}`);
  const keys = await createTypes(duckDb, request);
  if (keys.length === 0) return found;
  const visits = `(SELECT * FROM events WHERE ${session} IS NOT NULL)`;
  await duckDb.run(`CREATE TABLE owners AS ${sessionOwnersQuery(visits)}`, signal);
  await duckDb.run(
    `CREATE TABLE pairs AS
     SELECT DISTINCT coalesce(USER_ID, "$first") AS id, types.code AS type
     FROM events LEFT JOIN owners ON "$session" = ${session} JOIN types ON types.name = EVENT_TYPE
     WHERE ITEM_ID <> '' AND id <> ''`,
    signal,
  );
  await duckDb.run(
    `CREATE TABLE users AS
     SELECT id, (row_number() OVER () - 1)::UINTEGER AS index FROM (SELECT DISTINCT id FROM pairs)`,
    signal,
  );
  const numbers = new Int32Array(await duckDb.count('FROM users', signal));
  const take = (bytes: Uint8Array, start: number, end: number, index: number) => {
    numbers[index] = numberOf(bytes, start, end);
  };
  await readTexts(duckDb, 'SELECT id AS text, index FROM users', take, signal);
  const lists = await userLists(duckDb, keys.length, numbers, signal);
  for (const [type, key] of keys.entries()) found.set(key, lists[type] ?? new Uint32Array());
  return found;
}

/** Creates the table `types` (name, code): names that are compared alike have one code. @returns their keys by code */
async function createTypes(duckDb: DuckDb, { types, signal }: UsersByTypeRequest): Promise<readonly string[]> {
  const rows = await duckDb.run(`SELECT DISTINCT EVENT_TYPE AS name FROM events WHERE EVENT_TYPE <> ''`, signal);
  const codes = new Map<string, number>();
  await duckDb.run('CREATE TABLE types (name VARCHAR, code UINTEGER)');
  const appender = await duckDb.appender('types');
  for (const { name } of rows) {
    const key = eventTypeKey('INTERACTIONS', String(name));
    if (types !== 'any' && !types.has(key)) continue;
    const code = codes.get(key) ?? codes.size;
    codes.set(key, code);
    appender.appendVarchar(String(name));
    appender.appendUInteger(code);
    appender.endRow();
  }
  appender.closeSync();
  return [...codes.keys()];
}

/** The users of each type, by its code. */
async function userLists(
  duckDb: DuckDb,
  types: number,
  numbers: Int32Array,
  signal: AbortSignal,
): Promise<readonly Uint32Array[]> {
  const sizes = new Uint32Array(types);
  for (const { type, size } of await duckDb.run('SELECT type, count(*) AS size FROM pairs GROUP BY type', signal)) {
    sizes[Number(type)] = Number(size);
  }
  const lists = Array.from(sizes, (size) => new Uint32Array(size));
  const lengths = new Uint32Array(types);
  const query = 'SELECT type, index FROM pairs JOIN users USING (id)';
  for await (const chunk of duckDb.stream(query, await duckDb.count('FROM pairs', signal), signal)) {
    const [typesOf, indexes] = [integers(chunk, 0), integers(chunk, 1)];
    for (let row = 0; row < chunk.rowCount; row++) {
      const number = numbers[present(indexes.getItem(row))] ?? -1;
      const type = present(typesOf.getItem(row));
      const list = lists[type];
      if (number < 0 || !list) continue;
      const length = lengths[type] ?? 0;
      list[length] = number;
      lengths[type] = length + 1;
    }
  }
  return lists.map((list, type) => list.slice(0, lengths[type]));
}
