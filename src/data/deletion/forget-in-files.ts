import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetType } from '../dataset-types.ts';
import { type FilePath, filePath, pathOf } from '../encryption/file-path.ts';
import { type GroupKey, objectKey } from '../encryption/group-key.ts';
import { type DuckDb, openDuckDb, sqlName, sqlString } from '../engine/duckdb.ts';
import { compressedEncryptionOption } from '../engine/parquet-encryption.ts';
import { parquetFile } from '../engine/parquet-files.ts';
import { parquetFormat } from '../import/fast-copy.ts';
import { partOf } from '../import/import-csv.ts';
import { type DatasetFile, expectedOf, type ListedFile } from '../manifest.ts';
import { checksumOf, intactFile } from '../objects/checksums.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { sessionColumn } from '../records/event-lines.ts';
import { orderedEventsQuery, sessionOwnersQuery } from '../records/streamed-events.ts';

export type ForgetRequest = {
  readonly store: ObjectStore;
  readonly datasetType: DatasetType;
  /** Files of one dataset, oldest first. */
  readonly files: readonly ListedFile[];
  /** Ids of the users who are to be forgotten, a part at a time. */
  readonly users: AsyncIterable<readonly string[]>;
  /** A prefix in the store that nothing else uses, ending in `/`. */
  readonly targetPrefix: string;
  /** Seals the files: `targetPrefix` says so, too. */
  readonly sealing?: GroupKey | undefined;
  /** A folder for intermediate files, which is made, and removed by the caller. */
  readonly workFolder: string;
  readonly signal: AbortSignal;
};

/** A file without the rows of the users, which takes the place of another. */
export type Replacement = { readonly key: string; readonly file: DatasetFile; readonly rowsRemoved: number };

export type Forgotten = {
  /** In place of files that had rows of the users; the others are as they were. */
  readonly replacements: readonly Replacement[];
  /** Sessions of streamed events that were attributed to one of the users. */
  readonly sessions: readonly string[];
};

const memoryBytes = 2 ** 31;

/**
 * Writes the files of a dataset that have rows of some users without these, in the order that they had. A row without
 * a user is a user's if its session is: sessions belong to the first user that they had, as in training.
 *
 * @throws ObjectStoreError, the signal's reason when it is aborted
 */
export async function forgetInFiles(request: ForgetRequest): Promise<Forgotten> {
  const { store, files, workFolder } = request;
  await mkdir(workFolder, { recursive: true });
  using duckDb = await openDuckDb({ memoryBytes, temporaryFolder: join(workFolder, 'spilled') });
  await using copies = new AsyncDisposableStack();
  const local: LocalFile[] = [];
  for (const file of files) {
    const copy = copies.use(await intactFile(store, file.key, expectedOf(file)));
    local.push({ ...file, copy: filePath(copy.path, copy.key) });
  }
  await duckDb.use(local.map(({ copy }) => copy));
  await addUsers(duckDb, request.users);
  const sessions = await findSessions(duckDb, request, local);
  const replacements: Replacement[] = [];
  for (const file of local) {
    const { rows, names } = await findTraces(duckDb, request, file);
    if (rows + names === 0) continue;
    const written = await rewrite(duckDb, request, file, file.rows - rows, replacements.length);
    replacements.push({ key: file.key, file: written, rowsRemoved: rows });
  }
  return { replacements, sessions };
}

type LocalFile = ListedFile & { readonly copy: FilePath };

async function addUsers(duckDb: DuckDb, users: AsyncIterable<readonly string[]>): Promise<void> {
  // The optimiser may make a join's larger side the one that is looked up, and rows would lose their order.
  await duckDb.run(`SET disabled_optimizers = 'join_order,build_side_probe_side'`);
  await duckDb.run('CREATE TABLE "$users" ("$id" VARCHAR)');
  for await (const part of users) {
    const appender = await duckDb.appender('$users');
    for (const id of part) {
      appender.appendVarchar(id);
      appender.endRow();
    }
    appender.closeSync();
  }
}

const isUser = (column: string) => `coalesce(${column} IN (SELECT "$id" FROM "$users"), false)`;

/** Makes the table of the users' sessions: what is known of them is the same in the files and in training. */
async function findSessions(
  duckDb: DuckDb,
  { datasetType, signal }: ForgetRequest,
  files: readonly LocalFile[],
): Promise<string[]> {
  await duckDb.run('CREATE TABLE "$gone" ("$session" VARCHAR)');
  const streamed = files.filter(({ through }) => through !== null).map(({ copy }) => copy);
  if (streamed.length === 0 || !hasSessions(datasetType)) return [];
  const events = `(SELECT USER_ID, ${sqlName(sessionColumn)}, "$order" FROM (${orderedEventsQuery(streamed, { fields: [{ name: 'USER_ID', type: 'string' }] })}))`;
  await duckDb.run(
    `INSERT INTO "$gone" SELECT "$session" FROM (${sessionOwnersQuery(events)})
     WHERE "$session" IS NOT NULL AND ${isUser('"$first"')}`,
    signal,
  );
  const rows = await duckDb.run('FROM "$gone"');
  return rows.map(({ $session }) => String($session));
}

const namesSessions = ({ datasetType }: ForgetRequest, { through }: ListedFile) =>
  through !== null && hasSessions(datasetType);

const hasSessions = (type: DatasetType) => type === 'INTERACTIONS' || type === 'ACTION_INTERACTIONS';

/** Events of a session that has no user are a user's whose id the session bears. */
function belongs(request: ForgetRequest, file: ListedFile): string {
  if (!namesSessions(request, file)) return isUser('USER_ID');
  const session = sqlName(sessionColumn);
  const isTheirs = `coalesce(${session} IN (SELECT "$session" FROM "$gone"), false) OR ${isUser(session)}`;
  return `(${isUser('USER_ID')} OR (USER_ID IS NULL AND (${isTheirs})))`;
}

/** What a file has of the users: their rows, and rows of others in sessions that bear the id of one of them. */
type Traces = { readonly rows: number; readonly names: number };

async function findTraces(duckDb: DuckDb, request: ForgetRequest, file: LocalFile): Promise<Traces> {
  const named = namesSessions(request, file) ? isUser(sqlName(sessionColumn)) : 'false';
  const [rows = 0, names = 0] = await duckDb.numbers(
    `SELECT count(*) FILTER (WHERE "$theirs"), count(*) FILTER (WHERE "$named" AND NOT "$theirs")
     FROM (SELECT ${belongs(request, file)} AS "$theirs", ${named} AS "$named" FROM ${parquetFile(file.copy)})`,
    request.signal,
  );
  return { rows, names };
}

async function rewrite(
  duckDb: DuckDb,
  request: ForgetRequest,
  file: LocalFile,
  rows: number,
  index: number,
): Promise<DatasetFile> {
  const { store, targetPrefix, sealing, workFolder, signal } = request;
  const key = partOf(targetPrefix, index);
  const target = filePath(join(workFolder, `${index}.parquet`), sealing && objectKey(sealing, key));
  await duckDb.use([target]);
  const session = sqlName(sessionColumn);
  const columns = namesSessions(request, file)
    ? `* REPLACE (CASE WHEN NOT ${isUser(session)} THEN ${session} END AS ${session})`
    : '*';
  const [result] = await duckDb.run(
    `COPY (SELECT ${columns} FROM ${parquetFile(file.copy)} WHERE NOT ${belongs(request, file)}) TO ${sqlString(pathOf(target))} (
      FORMAT parquet, DICTIONARY_SIZE_LIMIT 1000, WRITE_BLOOM_FILTER false,
      KV_METADATA {'openpersonalize.format': '${parquetFormat}'}${compressedEncryptionOption(target)})`,
    signal,
  );
  if (Number(result?.Count) !== rows) throw new Error(`${key} has ${Number(result?.Count)} rows in place of ${rows}.`);
  const written = { key, rows, ...(await checksumOf(pathOf(target))) };
  await store.adopt(key, pathOf(target));
  return written;
}
