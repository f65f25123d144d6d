import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDuckDb, sqlString } from '../duckdb.ts';
import { writeCountedEvents } from './counted-events.ts';

const field = (name: string, type: 'string' | 'long') => ({
  ...{ name, type, nullable: false, categorical: false, textual: false },
});
const schema = {
  fields: [
    field('USER_ID', 'string'),
    field('ITEM_ID', 'string'),
    field('EVENT_TYPE', 'string'),
    field('TIMESTAMP', 'long'),
  ],
};

it('writes the events of any number of files in the order in which they came', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'counted-'));
  try {
    using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: folder });
    const files: string[] = [];
    for (let n = 0; n < 6; n++) {
      const path = join(folder, `${n}.parquet`);
      await duckDb.run(
        `COPY (SELECT 'u' AS USER_ID, 'i${n}' AS ITEM_ID, 'click' AS EVENT_TYPE, 9::BIGINT AS TIMESTAMP, 's' AS "$SESSION_ID", NULL::VARCHAR AS "$EVENT_ID")
         TO ${sqlString(path)} (FORMAT parquet)`,
      );
      files.push(path);
    }
    const target = join(folder, 'counted.parquet');
    await writeCountedEvents({ files, schema, target, signal: new AbortController().signal });
    const rows = await duckDb.run(`SELECT ITEM_ID FROM read_parquet(${sqlString(target)})`);
    expect(rows.map(({ ITEM_ID }) => ITEM_ID)).toEqual(['i0', 'i1', 'i2', 'i3', 'i4', 'i5']);
  } finally {
    await rm(folder, { recursive: true });
  }
});
