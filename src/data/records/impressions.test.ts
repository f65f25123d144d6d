import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from '../database/database.ts';
import { addressOf, Impressions, unrememberedId } from './impressions.ts';

let opened: OpenDatabase;
let now: number;
let warnings: string[];
const hour = 3_600_000;
const open = () =>
  new Impressions({
    database: opened.database,
    clock: { now: () => now },
    log: { warn: (_, message) => warnings.push(message) },
    keepMs: 24 * hour,
  });
const owner = 'arn:aws:personalize:eu-west-1:123456789012:campaign/films';
let lists: Impressions;

beforeEach(async () => {
  opened = await openDatabase({ file: ':memory:' });
  now = Date.UTC(2026, 0, 1);
  warnings = [];
  lists = open();
});
afterEach(async () => {
  await lists.stop();
  await opened.close();
});

const odd = ['a,b', 'c"d', 'e\nf', 'ü', '🎬', 'g|h'];

it('knows what was shown by its id, which is a UUID', async () => {
  const ids = [...Array(300)].map((_, n) => lists.remember([`item-${n}`, ...odd], owner));
  expect(new Set(ids).size).toBe(300);
  for (const [n, id] of ids.entries()) {
    expect(id).toMatch(/^RID-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(await lists.find(id)).toEqual([`item-${n}`, ...odd]);
  }
  expect(unrememberedId()).toMatch(/^RID-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

it('has the order of a list follow from its id', async () => {
  const id = lists.remember((address) => [address, 'another'], owner);
  const next = lists.remember((address) => [address], owner);
  expect(await lists.find(id)).toEqual([addressOf(id), 'another']);
  await lists.stop();
  expect(await lists.find(next)).toEqual([addressOf(next)]);
  expect(new Set([id, next, unrememberedId(), unrememberedId()].map(addressOf)).size).toBe(4);
  expect(await lists.find(lists.remember(() => [], owner))).toBeUndefined();
});

it('knows it on other nodes and after a restart, and writes it together with others', async () => {
  const ids = [...Array(20_000)].map((_, n) => lists.remember([`item-${n}`, 'another'], owner));
  await lists.stop();
  const rows = await opened.database.selectFrom('impressions').selectAll().execute();
  expect(rows.length).toBe(3);
  const other = open();
  for (const n of [0, 1, 8191, 8192, 19_999]) expect(await other.find(ids[n] ?? '')).toEqual([`item-${n}`, 'another']);
  expect(await other.find((ids[19_999] ?? '').replace(/.{12}$/, 'ffff00000000'))).toBeUndefined();
});

it('does not know made-up ids, those of answers that nobody needs, and empty lists', async () => {
  const ids = ['', 'RID-1', unrememberedId(), lists.remember([], owner), 'RID-01234567-89ab-4cde-8f01-000000000000'];
  for (const id of ids) expect(await lists.find(id)).toBeUndefined();
});

it('tells nobody the list of another, though its id differs in the position alone', async () => {
  const [mine, another] = [lists.remember(['mine'], owner), lists.remember(['of', 'another'], owner)];
  const madeUp = mine.slice(0, -12) + another.slice(-12, -8) + mine.slice(-8);
  expect([mine.slice(0, 26), madeUp.slice(-12, -8)]).toEqual([another.slice(0, 26), another.slice(-12, -8)]);
  for (const reader of [lists, open()]) {
    expect(await reader.find(madeUp)).toBeUndefined();
    expect(await reader.find(another)).toEqual(['of', 'another']);
    await lists.stop();
  }
});

it('forgets what is older than it is to be known, also on disk', async () => {
  const old = lists.remember(['old'], owner);
  await lists.stop();
  now += 23 * hour;
  const young = lists.remember(['young'], owner);
  await lists.stop();
  expect(await lists.find(old)).toEqual(['old']);
  now += 2 * hour;
  for (const reader of [lists, open()]) {
    expect(await reader.find(old)).toBeUndefined();
    expect(await reader.find(young)).toEqual(['young']);
  }
});

it('goes on without the database, and says so', async () => {
  await opened.database.schema.dropTable('impressions').execute();
  const id = lists.remember(['kept in memory'], owner);
  await lists.stop();
  expect(await lists.find(id)).toEqual(['kept in memory']);
  expect(warnings).toHaveLength(1);
});
