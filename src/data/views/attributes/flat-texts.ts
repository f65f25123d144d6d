import { setImmediate as letOthersRun } from 'node:timers/promises';
import { blobs, type DuckDb, integerLists, present } from '../../engine/duckdb.ts';

/** Takes the UTF-8 of a text, `bytes` from `start` to `end`, which is gone after the call. */
type TakeText = (bytes: Uint8Array, start: number, end: number, index: number) => void;

/** About so much of UTF-8 is handled without a pause, and at most so many texts: a few milliseconds. */
const blockBytes = 2 ** 20;
const mostInBlock = 1024;
/** Blocks of a query: DuckDB holds all of them at once. */
const blocksAtOnce = 64;

/**
 * Numbers the texts of a query as a table of the columns `text` and `index`, from 0 on.
 *
 * @param query a single column, `text`, without NULL
 * @returns how many there are
 */
export async function createTexts(duckDb: DuckDb, table: string, query: string, signal: AbortSignal): Promise<number> {
  await duckDb.run(
    `CREATE TABLE ${table} AS SELECT text, (row_number() OVER () - 1)::UINTEGER AS index FROM (${query})`,
    signal,
  );
  return await duckDb.count(`FROM ${table}`, signal);
}

/**
 * Passes on the texts of such a table in their order. They come in blocks, each a single text and the lengths within
 * it: a JavaScript string for each text, or its bytes on their own, would take ten times as long.
 */
export async function readTexts(duckDb: DuckDb, table: string, take: TakeText, signal: AbortSignal): Promise<void> {
  const [count = 0, longest = 0] = await duckDb.numbers(`SELECT count(*), max(strlen(text)) FROM ${table}`, signal);
  const size = Math.min(Math.max(Math.floor(blockBytes / Math.max(longest, 1)), 1), mostInBlock);
  for (let from = 0; from < count; from += blocksAtOnce * size) {
    const end = Math.min(from + blocksAtOnce * size, count);
    const query = `
      SELECT encode(string_agg(text, '' ORDER BY index)), list(strlen(text)::UINTEGER ORDER BY index)
      FROM ${table} WHERE index >= ${from} AND index < ${end} GROUP BY index // ${size} ORDER BY index // ${size}`;
    let index = from;
    for await (const chunk of duckDb.stream(query, Math.ceil((end - from) / size), signal)) {
      const texts = blobs(chunk, 0);
      const { lists, items } = integerLists(chunk, 1);
      for (let row = 0; row < chunk.rowCount; row++) {
        const bytes = texts.getItemBytes(row) ?? new Uint8Array();
        const first = lists.getEntryOffset(row);
        const last = first + lists.getEntryLength(row);
        let start = 0;
        for (let item = first; item < last; item++) {
          const stop = start + present(items.getItem(item));
          take(bytes, start, stop, index++);
          start = stop;
        }
        await letOthersRun();
        signal.throwIfAborted();
      }
    }
    if (index !== end) throw new Error(`DuckDB gave ${index} of the first ${end} texts of ${table}.`);
  }
}
