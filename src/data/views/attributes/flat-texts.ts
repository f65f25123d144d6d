import { setImmediate as letOthersRun } from 'node:timers/promises';
import { blobs, type DuckDb, integerLists, present } from '../../engine/duckdb.ts';

/** Takes the UTF-8 of a text, `bytes` from `start` to `end`. */
type TakeText = (bytes: Uint8Array, start: number, end: number, index: number) => void;

/** About so much of UTF-8 is handled without a pause, and at most so many texts: a few milliseconds. */
const blockBytes = 2 ** 20;
const mostInBlock = 1024;
/** Blocks of a query: DuckDB holds all of them at once. */
const blocksAtOnce = 64;

/**
 * Passes on the texts of a query, whose columns are `text` and `index`, from 0 on, without NULL. They come about in the
 * order of their indexes, in blocks: each is a single text with the lengths and indexes within it. A JavaScript string
 * for each text, or its bytes on their own, would take several times as long.
 *
 * @returns how many there are
 * @throws the signal's reason when it is aborted
 */
export async function readTexts(duckDb: DuckDb, query: string, take: TakeText, signal: AbortSignal): Promise<number> {
  // A table, so that only the rows of a block are read for it.
  await duckDb.run(`CREATE TABLE texts AS SELECT text, index::UINTEGER AS index FROM (${query})`, signal);
  const [count = 0, longest = 0] = await duckDb.numbers('SELECT count(*), max(strlen(text)) FROM texts', signal);
  const size = Math.min(Math.max(Math.floor(blockBytes / Math.max(longest, 1)), 1), mostInBlock);
  for (let from = 0; from < count; from += blocksAtOnce * size) {
    const end = Math.min(from + blocksAtOnce * size, count);
    const blocks = `
      SELECT encode(string_agg(text, '')), list(strlen(text)::UINTEGER), list(index) FROM texts
      WHERE index >= ${from} AND index < ${end} GROUP BY index // ${size} ORDER BY index // ${size}`;
    for await (const chunk of duckDb.stream(blocks, Math.ceil((end - from) / size), signal)) {
      const texts = blobs(chunk, 0);
      const lengths = integerLists(chunk, 1);
      const indexes = integerLists(chunk, 2);
      for (let block = 0; block < chunk.rowCount; block++) {
        const bytes = texts.getItemBytes(block) ?? new Uint8Array();
        const first = lengths.lists.getEntryOffset(block);
        const last = first + lengths.lists.getEntryLength(block);
        const shift = indexes.lists.getEntryOffset(block) - first;
        let start = 0;
        for (let item = first; item < last; item++) {
          const stop = start + present(lengths.items.getItem(item));
          take(bytes, start, stop, present(indexes.items.getItem(item + shift)));
          start = stop;
        }
        await letOthersRun();
        signal.throwIfAborted();
      }
    }
  }
  await duckDb.run('DROP TABLE texts');
  return count;
}
