import { setImmediate as letOthersRun } from 'node:timers/promises';
import { type DuckDb, openDuckDb, sqlName, sqlString } from '../../engine/duckdb.ts';
import { parquetFiles } from '../../engine/parquet-files.ts';
import { receivedColumn, sessionColumn } from '../../records/event-records.ts';
import type { StreamedFile } from '../../records/pinned-dataset.ts';
import type { LiveHistories } from './live-histories.ts';

export type FillRequest = {
  /** All of a dataset, oldest first. */
  readonly files: readonly StreamedFile[];
  /** Of events that the models have seen, sessions since then are looked at: milliseconds since the epoch. */
  readonly sessionsSince: number;
  readonly temporaryFolder: string;
  readonly signal: AbortSignal;
};

const memoryBytes = 2 ** 28;
/** Rows that are taken in at one go, a few milliseconds. */
const rowsAtOnce = 256;

/** Of the last events that the models have seen, so long a time is looked at, too. */
const repeatsMs = 10 * 60_000;

/**
 * Takes into `histories` the events of these files that came to count after its position. Of those before it, all
 * users, as a session may have the id of one whom no model knows; the sessions that had no user then and may get one
 * now; and the last events, since one of them may be sent again.
 */
export async function fillFromFiles(histories: LiveHistories, request: FillRequest): Promise<void> {
  const { files, temporaryFolder, sessionsSince, signal } = request;
  using duckDb = await openDuckDb({ memoryBytes, temporaryFolder, threads: 1 });
  const seen = files.filter(({ through }) => through <= histories.after);
  if (seen.length > 0) {
    const events = eventsQuery(histories, seen, `${sqlName(receivedColumn)} >= ${sessionsSince}`);
    await takeIn(histories, duckDb, seenQuery(events), histories.after, signal);
    await takeUsers(histories, duckDb, seen, signal);
  }
  for (const file of files.slice(seen.length)) {
    await takeIn(histories, duckDb, eventsQuery(histories, [file], 'true'), file.through, signal);
  }
}

/** The events of files, oldest first, as text: in files of an earlier schema, columns may be missing. */
function eventsQuery({ columnNames }: LiveHistories, files: readonly StreamedFile[], condition: string): string {
  const none = columnNames.map((name) => `NULL::VARCHAR AS ${sqlName(name)}`).join(', ');
  const parts = files.map(({ path }) => `SELECT * FROM read_parquet(${sqlString(path)}) WHERE ${condition}`);
  const columns = columnNames.map((name) => `${sqlName(name)}::VARCHAR AS ${sqlName(name)}`).join(', ');
  return `SELECT ${columns} FROM (SELECT ${none} WHERE false UNION ALL BY NAME ${parts.join(' UNION ALL BY NAME ')})`;
}

/** Of each session that has a user, the event that says so, and the last ones; of each other one, all events. */
function seenQuery(events: string): string {
  const [session, received] = [sqlName(sessionColumn), `${sqlName(receivedColumn)}::BIGINT`];
  return `
    WITH "$late" AS MATERIALIZED (SELECT *, row_number() OVER () AS "$place" FROM (${events})),
    "$owners" AS (SELECT min("$place") AS "$joined", ${session} AS "$owned" FROM "$late" WHERE USER_ID IS NOT NULL GROUP BY ALL)
    SELECT * EXCLUDE ("$place") FROM "$late"
    WHERE "$place" IN (SELECT "$joined" FROM "$owners") OR ${session} NOT IN (SELECT "$owned" FROM "$owners")
      OR ${received} >= (SELECT max(${received}) FROM "$late") - ${repeatsMs}
    ORDER BY "$place"`;
}

async function takeUsers(
  histories: LiveHistories,
  duckDb: DuckDb,
  files: readonly StreamedFile[],
  signal: AbortSignal,
): Promise<void> {
  const events = parquetFiles(files.map(({ path }) => path));
  const users = `SELECT DISTINCT USER_ID FROM ${events} WHERE USER_ID IS NOT NULL`;
  for await (const chunk of duckDb.stream(users, await duckDb.count(users, signal), signal)) {
    const column = chunk.getColumnVector(0);
    for (let row = 0; row < chunk.rowCount; row++) {
      if (row % rowsAtOnce === 0) await letOthersRun();
      histories.addUser(String(column.getItem(row)));
    }
  }
}

async function takeIn(
  histories: LiveHistories,
  duckDb: DuckDb,
  query: string,
  position: number,
  signal: AbortSignal,
): Promise<void> {
  const places = histories.indexesIn(histories.columnNames);
  for await (const chunk of duckDb.stream(query, await duckDb.count(query, signal), signal)) {
    const columns = histories.columnNames.map((_, place) => chunk.getColumnVector(place));
    for (let row = 0; row < chunk.rowCount; row++) {
      if (row % rowsAtOnce === 0) await letOthersRun();
      const values = columns.map((column) => String(column.getItem(row) ?? ''));
      histories.add(values, places, position);
    }
  }
}
