import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DuckDb, openDuckDb, sqlString } from '../../../data/engine/duckdb.ts';
import { encodeLine, type Layout } from '../../../data/records/layout.ts';
import type { EventCondition } from '../../../data/views/live/event-condition.ts';
import { resolveParameters } from '../../recipes/parameters.ts';
import { trendingNow } from '../../recipes/trending-now.ts';
import { IntervalCounts } from './interval-counts.ts';
import { TrendView } from './trend-view.ts';
import { trendingItems } from './trending-items.ts';

const arn = 'arn:interactions';
const hour = 3600;
const start = 1_700_000_000;
const popular = ['p1', 'p2', 'p3', 'p4', 'p5'];
const { signal } = new AbortController();
const layout: Layout = [
  { name: '$SESSION_ID', type: 'string' },
  { name: '$EVENT_ID', type: 'string' },
  { name: '$RECEIVED_AT', type: 'long' },
  { name: 'ITEM_ID', type: 'string' },
  { name: 'TIMESTAMP', type: 'long' },
  { name: 'EVENT_TYPE', type: 'string' },
  { name: 'EVENT_VALUE', type: 'float' },
];

type Event = {
  readonly item: string;
  readonly time: number;
  readonly type?: string;
  readonly value?: number;
  readonly id?: string;
};

let folder: string;
let duckDb: DuckDb;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trends-'));
  duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: join(folder, 'spilled') });
});
afterAll(async () => {
  duckDb[Symbol.dispose]();
  await rm(folder, { recursive: true });
});

/** A deployment's view, its dataset, and the clock. */
class World {
  now = start + 10;
  importedAt: number | undefined;
  readonly view: TrendView;
  readonly #files: { path: string; through: null }[] = [];

  constructor(frequency = '1 hour', events: readonly EventCondition[] = []) {
    this.view = new TrendView({
      model: 'models/1/',
      datasets: { INTERACTIONS: { arn, schema: { fields: [] } } },
      parameters: resolveParameters(trendingNow, { trend_discovery_frequency: frequency }),
      events,
      watermark: 0,
      withModel: () => Promise.reject(new Error('The view needs no model.')),
      clock: { now: () => this.now * 1000 },
    });
  }

  /** Adds a file: of an import, or of streamed events, which were received then. */
  async file(events: readonly Event[], received?: number): Promise<void> {
    this.importedAt = received === undefined ? this.now * 1000 : this.importedAt;
    if (events.length === 0) return;
    const path = join(folder, `${files++}.parquet`);
    const rows = events.map(
      ({ item, time, type = 'watch', value, id }) =>
        `(${sqlString(item)}, ${time}::BIGINT, ${sqlString(type)}, ${value ?? 'NULL'}::FLOAT${received === undefined ? '' : `, ${received}::BIGINT, 's', ${id === undefined ? 'NULL' : sqlString(id)}`})`,
    );
    const names = [
      'ITEM_ID',
      'TIMESTAMP',
      'EVENT_TYPE',
      'EVENT_VALUE',
      ...(received === undefined ? [] : ['"$RECEIVED_AT"', '"$SESSION_ID"', '"$EVENT_ID"']),
    ];
    await duckDb.run(
      `COPY (SELECT * FROM (VALUES ${rows.join(', ')}) AS t(${names.join(', ')})) TO ${sqlString(path)} (FORMAT parquet)`,
    );
    this.#files.push({ path, through: null });
  }

  async read(): Promise<void> {
    const of = () => ({ files: this.#files, watermark: 0, importedAt: this.importedAt });
    await this.view.read({ of, temporaryFolder: join(folder, 'spilled') }, signal);
  }

  put(events: readonly Event[], received = this.now * 1000): void {
    const lines = events.map(({ item, time, type = 'watch', value, id = '' }) =>
      encodeLine(['s', id, String(received), item, String(time), type, value === undefined ? '' : String(value)]),
    );
    const body = lines.join('');
    this.view.apply(
      { datasetArn: arn, layout: 1, position: 1, receivedAt: received, records: lines.length, body },
      layout,
    );
  }

  async asked(request: { count?: number; allows?: (id: string) => boolean } = {}): Promise<readonly string[]> {
    const query = { count: 5, ...request };
    const answer = await this.view.recommend(query, async ({ count }) => ({ items: popular.slice(0, count) }));
    return answer.items;
  }

  /** Has the view make its list again, as happens every few seconds. */
  async later(): Promise<readonly string[]> {
    this.view.expire();
    await this.view.idle();
    return await this.asked();
  }
}

const times = (count: number, item: string, time: number, more: Partial<Event> = {}): Event[] =>
  Array.from({ length: count }, (_, n) => ({ item, time: time + n, ...more }));

it('lists a new item after a burst of events, ahead of what is popular, and drops nothing of the list', async () => {
  const world = new World();
  await world.file([...times(50, 'p1', start - 5000), ...times(50, 'p1', start - 1000)]);
  await world.read();
  expect(await world.asked()).toEqual(popular);
  world.put(times(20, 'new', start - 30));
  expect(await world.later()).toEqual(['new', 'p1', 'p2', 'p3', 'p4']);
  expect(await world.asked({ count: 1 })).toEqual(['new']);
  expect(await world.asked({ allows: (id) => id !== 'new' })).toEqual(popular);
  world.put(times(40, 'p3', start - 20));
  expect(await world.later()).toEqual(['p3', 'new', 'p1', 'p2', 'p4']);
});

it('takes 1 to 3 for no trend', async () => {
  const world = new World();
  await world.file([...times(1, 'x', start - 5000), ...times(3, 'x', start - 100), ...times(9, 'p1', start - 5000)]);
  await world.read();
  expect(await world.asked()).toEqual(popular);
});

it('compares the last intervals of data from long ago, until nothing has come in for two intervals', async () => {
  const world = new World();
  const then = start - 5 * 365 * 24 * hour;
  await world.file([...times(20, 'old', then - 5000), ...times(60, 'risen', then - 600)]);
  await world.read();
  expect((await world.asked())[0]).toBe('risen');
  world.now += 2 * hour + 1;
  world.put(times(1, '', world.now, { type: 'Identify' }));
  expect(await world.asked()).toEqual(popular);
  world.put(times(1, 'old', world.now));
  expect(await world.later()).toEqual(popular);
  world.put(times(30, 'old', world.now));
  expect((await world.later())[0]).toBe('old');
});

it('counts events of a fast clock when they came, and no import of the future', async () => {
  const world = new World();
  await world.file([...times(30, 'risen', start - 600), ...times(100, 'future', start + 90 * hour)]);
  await world.file(times(30, 'fast', start + 50 * hour), start * 1000);
  await world.read();
  expect((await world.asked()).slice(0, 2)).toEqual(['fast', 'risen']);
  world.put(times(40, 'faster', start + 50 * hour));
  expect((await world.later()).slice(0, 3)).toEqual(['faster', 'fast', 'risen']);
});

it('counts the events that train', async () => {
  const world = new World('1 hour', [{ eventType: 'buy' }, { eventType: 'rate', eventValueThreshold: 3.6 }]);
  const of = (at: number) => [
    ...times(30, 'bought', at, { type: 'buy' }),
    ...times(30, 'watched', at),
    ...times(20, 'liked', at, { type: 'rate', value: 3.6 }),
    ...times(30, 'disliked', at, { type: 'rate', value: 3.5 }),
    ...times(30, '', at, { type: 'buy' }),
  ];
  await world.file(of(start - 600));
  await world.read();
  expect((await world.asked()).slice(0, 3)).toEqual(['bought', 'liked', 'p1']);
  world.put(of(start - 500).map(({ item, ...event }) => ({ ...event, item: item && `${item} too` })));
  expect((await world.later()).slice(0, 5)).toEqual(['bought', 'bought too', 'liked', 'liked too', 'p1']);
});

it('counts an event once that is sent again, before it is read from files and after that', async () => {
  const world = new World();
  const once = (item: string, id?: string): Event => ({ item, time: start - 60, ...(id !== undefined && { id }) });
  await world.file(times(30, 'risen', start - 600));
  await world.file(
    Array.from({ length: 30 }, (_, n) => once('repeated in files', n < 20 ? '7' : undefined)),
    start * 1000,
  );
  await world.read();
  for (let n = 0; n < 30; n++) world.put([once('repeated'), { ...once('named', '8'), time: start - n }]);
  world.put(Array.from({ length: 20 }, (_, n) => once('different', String(n))));
  expect((await world.later()).slice(0, 3)).toEqual(['risen', 'different', 'p1']);
});

it('is to be read again once most of its items have had no interaction for two intervals', async () => {
  const world = new World('30 minutes');
  await world.file(times(1, 'x', start - 8000));
  await world.read();
  world.put(Array.from({ length: 70_000 }, (_, n) => ({ item: `i${n}`, time: start - 7000 })));
  await world.later();
  expect(world.view.isStale).toBe(false);
  world.put([{ item: 'x', time: start }]);
  await world.later();
  expect(world.view.isStale).toBe(true);
});

it('lists the same whatever came in files and what after them, in whatever order', async () => {
  const event = fc.record({
    item: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    time: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: start - 7000, max: start }) }, fc.nat(start + 5000)),
  });
  const bursts = fc.array(fc.tuple(event, fc.constantFrom(1, 5, 20, 50)), { minLength: 1, maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(bursts, bursts, fc.constantFrom('30 min', '1H', '1 day'), async (first, rest, frequency) => {
      const spread = (list: typeof first) => list.flatMap(([{ item, time }, count]) => times(count, item, time));
      const [imported, streamed] = [spread(first), spread(rest)];
      const [followed, reread] = [new World(frequency), new World(frequency)];
      await followed.file(imported);
      await followed.read();
      followed.put(streamed);
      await reread.file(imported);
      await reread.file(streamed.toReversed(), reread.now * 1000);
      await reread.read();
      const plain = await expected(frequency, imported, streamed, followed.now);
      expect(await followed.later()).toEqual(plain);
      expect(await reread.asked()).toEqual(plain);
    }),
    { numRuns: 15 },
  );
});

/** By a plain reference, which knows all events at once. */
async function expected(frequency: string, imported: readonly Event[], streamed: readonly Event[], now: number) {
  const seconds = { '30 min': hour / 2, '1H': hour, '1 day': 24 * hour }[frequency] ?? 0;
  const unique = (list: readonly Event[]) => [...new Map(list.map((one) => [`${one.item} ${one.time}`, one])).values()];
  const events = [
    ...unique(imported.filter(({ time }) => time <= now)),
    ...unique(streamed).map(({ item, time }) => ({ item, time: Math.min(time, now) })),
  ].sort((one, other) => one.time - other.time);
  const ids = [...new Set(events.map(({ item }) => item))].sort();
  const counts = new IntervalCounts(seconds);
  for (const { item, time } of events) counts.add(ids.indexOf(item), time);
  const { items } = await trendingItems(counts, ids.length, async () => {});
  return [...items.map(({ item }) => ids[item]), ...popular].slice(0, 5);
}
