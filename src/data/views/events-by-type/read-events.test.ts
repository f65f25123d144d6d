import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDuckDb, sqlString } from '../../engine/duckdb.ts';
import { EventStore } from './event-store.ts';
import { readEvents } from './read-events.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-events-'));
});
afterAll(() => rm(folder, { recursive: true }));

let written = 0;
async function fileOf(query: string): Promise<string> {
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: join(folder, 'spilled') });
  const path = join(folder, `${written++}.parquet`);
  await duckDb.run(`COPY (${query}) TO ${sqlString(path)} (FORMAT parquet)`);
  return path;
}

async function read(
  files: readonly string[],
  { limit = 100, sessionsSince = 0, signal = new AbortController().signal },
) {
  const store = new EventStore(limit);
  await readEvents(store, {
    files,
    types: 'any',
    limit,
    sessionsSince,
    signal,
    temporaryFolder: join(folder, 'spilled'),
  });
  return { store, of: (id: string, type = 'watch') => itemsOf(store, id, type) };
}

const itemsOf = (store: EventStore, id: string, type: string) =>
  Array.from(store.find(id).get(type) ?? [], (index) => store.itemId(index));

it('reads the newest 100 of each type of a user with 50,000 events, out of files in no order', async () => {
  const many = (part: number) => `
    SELECT 'heavy' AS USER_ID, 'item-' || n AS ITEM_ID, CASE WHEN n % 2 = 0 THEN 'Watch' ELSE 'buy' END AS EVENT_TYPE, n AS TIMESTAMP
    FROM (SELECT (range * 7919) % 50000 AS n FROM range(50000)) WHERE n % 3 = ${part}
    UNION ALL SELECT 'user-' || range, 'item-' || range, 'watch', range FROM range(1000)`;
  const files = [await fileOf(many(0)), await fileOf(many(1)), await fileOf(many(2))];
  const { store, of } = await read(files, {});
  const newest = (last: number) => Array.from({ length: 100 }, (_, n) => `item-${last - 2 * (99 - n)}`);
  expect(of('heavy')).toEqual(newest(49_998));
  expect(of('heavy', 'buy')).toEqual(newest(49_999));
  expect(of('user-7')).toEqual(['item-7']);
  const sent = { userId: 'heavy', sessionId: 's', eventType: 'WATCH' };
  store.add({ ...sent, itemId: 'old', time: 1 });
  store.add({ ...sent, itemId: 'new', time: 50_000 });
  expect(of('heavy')).toEqual([...newest(49_998).slice(1), 'new']);
  const { of: ofAll } = await read(files, { limit: 1_000_000_000 });
  expect(ofAll('heavy').length).toBe(25_000);
});

it('forgets sessions without a user that have had no event for long', async () => {
  const event = (session: string, item: string, day: number) =>
    `SELECT '${session}' AS "$SESSION_ID", ${day * 86_400_000}::BIGINT AS "$RECEIVED_AT", NULL::VARCHAR AS USER_ID,
       '${item}' AS ITEM_ID, 'watch' AS EVENT_TYPE, ${day * 86_400}::BIGINT AS TIMESTAMP`;
  const file = await fileOf([event('gone', 'a', 1), event('back', 'b', 1), event('back', 'c', 9)].join(' UNION ALL '));
  const { store, of } = await read([file], { sessionsSince: 5 * 86_400_000 });
  expect([of('gone'), of('back')]).toEqual([[], ['b', 'c']]);
  expect(store.sessions.size).toBe(1);
});

it('reads nothing once it is called off', async () => {
  const file = await fileOf(`SELECT 'u' AS USER_ID, 'a' AS ITEM_ID, 'watch' AS EVENT_TYPE, 1::BIGINT AS TIMESTAMP`);
  const signal = AbortSignal.abort(new Error('called off'));
  await expect(read([file], { signal })).rejects.toThrow('called off');
});
