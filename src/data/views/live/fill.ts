import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { FilePath } from '../../encryption/file-path.ts';
import { type DuckDb, openDuckDb, sqlName } from '../../engine/duckdb.ts';
import { parquetFile, parquetFiles } from '../../engine/parquet-files.ts';
import { receivedColumn, sessionColumn } from '../../records/event-lines.ts';
import type { StreamedFile } from '../../records/pinned-dataset.ts';
import { member } from './live-columns.ts';
import type { LiveHistories } from './live-histories.ts';

export type FillRequest = {
  /** All of a dataset, oldest first. */
  readonly files: readonly StreamedFile[];
  /** Sessions since then are remembered beyond a training: milliseconds since the epoch. */
  readonly sessionsSince: number;
  readonly temporaryFolder: string;
  readonly signal: AbortSignal;
};

const memoryBytes = 2 ** 28;
/** Rows that are added without a pause: a few milliseconds. */
const rowsAtOnce = 256;

/** Repetitions of events that the models have seen are recognised for that long. */
const repeatsMs = 10 * 60_000;

/**
 * Adds to `histories` the events of these files beyond its watermark. From those before it come:
 *
 * - all users, because a session may have the id of one whom no model knows
 * - the sessions that had no user then and may get one now
 * - the last events, because one of them may be sent again
 */
export async function fillFromFiles(histories: LiveHistories, request: FillRequest): Promise<void> {
  const { files, temporaryFolder, sessionsSince, signal } = request;
  using duckDb = await openDuckDb({ memoryBytes, temporaryFolder, threads: 1, files });
  const seen = files.filter(({ through }) => through <= histories.after);
  if (seen.length > 0) {
    const events = eventsQuery(histories, seen, `${sqlName(receivedColumn)} >= ${sessionsSince}`);
    await addEvents(histories, duckDb, seenQuery(events), histories.after, signal);
    await addUsers(histories, duckDb, seen, signal);
  }
  for (const file of files.slice(seen.length)) {
    await addEvents(histories, duckDb, eventsQuery(histories, [file], 'true'), file.through, signal);
  }
}

/** Adds all events of imported files, which have no session, as of before any record of the log. */
export async function fillFromImports(
  histories: LiveHistories,
  { files, temporaryFolder, signal }: Pick<FillRequest, 'temporaryFolder' | 'signal'> & { files: readonly FilePath[] },
): Promise<void> {
  if (files.length === 0) return;
  using duckDb = await openDuckDb({ memoryBytes, temporaryFolder, threads: 1, files });
  await addEvents(histories, duckDb, eventsQuery(histories, files, 'true'), 0, signal, longAfter);
}

/** Imported events were received at no certain time. */
const longAfter = String(Number.MAX_SAFE_INTEGER);

/** The events of files, oldest first, as text: in files of an earlier schema, columns may be missing. */
function eventsQuery({ columnNames }: LiveHistories, files: readonly FilePath[], condition: string): string {
  const none = columnNames.map((name) => `NULL::VARCHAR AS ${sqlName(name)}`).join(', ');
  const parts = files.map((file) => `SELECT * FROM ${parquetFile(file)} WHERE ${condition}`);
  const columns = columnNames.map((name) => `${sqlName(name)}::VARCHAR AS ${sqlName(name)}`).join(', ');
  return `SELECT ${columns} FROM (SELECT ${none} WHERE false UNION ALL BY NAME ${parts.join(' UNION ALL BY NAME ')})`;
}

/** For a session with a user the event that names the user and the last ones, for any other session all events. */
function seenQuery(events: string): string {
  const [session, received] = [sqlName(sessionColumn), `${sqlName(receivedColumn)}::BIGINT`];
  return `
    WITH "$late" AS MATERIALIZED (SELECT *, row_number() OVER () AS "$row" FROM (${events})),
    "$owners" AS (SELECT min("$row") AS "$joined", ${session} AS "$owned" FROM "$late" WHERE USER_ID IS NOT NULL GROUP BY ALL)
    SELECT * EXCLUDE ("$row") FROM "$late"
    WHERE "$row" IN (SELECT "$joined" FROM "$owners") OR ${session} NOT IN (SELECT "$owned" FROM "$owners")
      OR ${received} >= (SELECT max(${received}) FROM "$late") - ${repeatsMs}
    ORDER BY "$row"`;
}

async function addUsers(
  histories: LiveHistories,
  duckDb: DuckDb,
  files: readonly StreamedFile[],
  signal: AbortSignal,
): Promise<void> {
  const events = parquetFiles(files);
  const users = `SELECT DISTINCT USER_ID FROM ${events} WHERE USER_ID IS NOT NULL`;
  for await (const chunk of duckDb.stream(users, await duckDb.count(users, signal), signal)) {
    const column = chunk.getColumnVector(0);
    for (let row = 0; row < chunk.rowCount; row++) {
      if (row % rowsAtOnce === 0) await letOthersRun();
      histories.addUser(String(column.getItem(row)));
    }
  }
}

async function addEvents(
  histories: LiveHistories,
  duckDb: DuckDb,
  query: string,
  position: number,
  signal: AbortSignal,
  receivedAt = '',
): Promise<void> {
  const indexes = histories.indexesIn(histories.columnNames);
  for await (const chunk of duckDb.stream(query, await duckDb.count(query, signal), signal)) {
    const columns = histories.columnNames.map((_, index) => chunk.getColumnVector(index));
    for (let row = 0; row < chunk.rowCount; row++) {
      if (row % rowsAtOnce === 0) await letOthersRun();
      const values = columns.map((column) => String(column.getItem(row) ?? ''));
      values[member.receivedAt] ||= receivedAt;
      histories.add(values, indexes, position);
    }
  }
}
