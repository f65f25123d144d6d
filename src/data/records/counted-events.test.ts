import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
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

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counted-'));
});
afterEach(() => rm(folder, { recursive: true }));

type Sent = { readonly itemId: string; readonly sentAt: number; readonly receivedAt: number };

/** What trains of these events, of which each came in a file of its own. */
async function counted(events: readonly Sent[]) {
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: folder });
  const files: string[] = [];
  for (const [n, { itemId, sentAt, receivedAt }] of events.entries()) {
    const path = join(folder, `${n}.parquet`);
    await duckDb.run(
      `COPY (SELECT 'u' AS USER_ID, '${itemId}' AS ITEM_ID, 'click' AS EVENT_TYPE, ${sentAt}::BIGINT AS TIMESTAMP, 's' AS "$SESSION_ID",
         NULL::VARCHAR AS "$EVENT_ID", ${receivedAt}::BIGINT AS "$RECEIVED_AT") TO ${sqlString(path)} (FORMAT parquet)`,
    );
    files.push(path);
  }
  const target = join(folder, 'counted.parquet');
  await writeCountedEvents({ files, schema, target, signal: new AbortController().signal });
  const rows = await duckDb.run(`SELECT ITEM_ID, TIMESTAMP FROM read_parquet(${sqlString(target)})`);
  return rows.map(({ ITEM_ID, TIMESTAMP }) => [ITEM_ID, Number(TIMESTAMP)]);
}

it('writes the events of any number of files in the order in which they came', async () => {
  const events = Array.from({ length: 6 }, (_, n) => ({ itemId: `i${n}`, sentAt: 9, receivedAt: 10_000 }));
  expect((await counted(events)).map(([itemId]) => itemId)).toEqual(['i0', 'i1', 'i2', 'i3', 'i4', 'i5']);
});

it('takes an event of the future as one of the moment in which it came', async () => {
  const events = [
    { itemId: 'of a fast clock', sentAt: 99_999_999_999, receivedAt: 50_999 },
    { itemId: 'of a slow clock', sentAt: -7, receivedAt: 50_999 },
    { itemId: 'of now', sentAt: 50, receivedAt: 50_999 },
  ];
  expect(await counted(events)).toEqual([
    ['of a fast clock', 50],
    ['of a slow clock', -7],
    ['of now', 50],
  ]);
});
