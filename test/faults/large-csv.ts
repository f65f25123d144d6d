import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Writes `rows` made-up interactions that do not compress well, in the columns of the two-tastes schema. */
export async function writeLargeCsv(path: string, rows: number): Promise<void> {
  function* text() {
    yield 'USER_ID,ITEM_ID,EVENT_TYPE,TIMESTAMP\n';
    let state = 1;
    const below = (limit: number) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % limit;
    };
    for (let row = 0; row < rows; ) {
      let lines = '';
      for (const end = Math.min(rows, row + 10_000); row < end; row++) {
        lines += `u${below(500_000)},i${below(20_000)},watch,${1_600_000_000 + below(100_000_000)}\n`;
      }
      yield lines;
    }
  }
  await mkdir(dirname(path), { recursive: true });
  await pipeline(Readable.from(text()), createWriteStream(path));
}
