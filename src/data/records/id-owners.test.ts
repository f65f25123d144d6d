import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from '../database/database.ts';
import { Impressions } from './impressions.ts';

const [films, shop, strangers] = ['campaign/films', 'recommender/shop', 'campaign/strangers'].map(
  (path) => `arn:aws:personalize:eu-west-1:123456789012:${path}`,
) as [string, string, string];

let opened: OpenDatabase;
beforeEach(async () => {
  opened = await openDatabase({ file: ':memory:' });
});
afterEach(() => opened.close());

/** A node of the server. */
async function node(): Promise<Impressions> {
  const clock = { now: () => Date.UTC(2026, 0, 1) };
  const lists = new Impressions({ database: opened.database, clock, log: { warn: () => {} }, keepMs: 3_600_000 });
  await lists.owners.start();
  return lists;
}

it('tells on any node, after any time, whose answer an id belongs to, among those who come into question', async () => {
  const first = await node();
  const ids = [
    ...Array.from({ length: 50 }, (_, n) => [films, first.remember([`item-${n}`], films)] as const),
    ...Array.from({ length: 5000 }, () => [shop, first.unremembered(shop)] as const),
    [films, first.remember([], films)] as const,
  ];
  await first.stop();
  await opened.database.deleteFrom('impressions').execute();
  const lookup = (await node()).owners.among([films, shop]);
  for (const [owner, id] of ids) expect(lookup.ownerOf(id)).toBe(owner);
  expect(new Set(ids.map(([, id]) => id)).size).toBe(ids.length);
});

it('finds nobody for ids of others, altered ones and made-up ones', async () => {
  const lists = await node();
  const lookup = lists.owners.among([films, shop]);
  const id = lists.unremembered(films);
  const altered = [4, 12, 17, 21, 24, 25].map((at) => {
    const digit = id[at === 12 ? 13 : at] === '0' ? '1' : '0';
    return id.slice(0, at === 12 ? 13 : at) + digit + id.slice((at === 12 ? 13 : at) + 1);
  });
  const madeUp = ['', 'RID-1', 'x'.repeat(40), `${id}0`, id.toUpperCase(), lists.unremembered(strangers)];
  for (const other of [...altered, ...madeUp]) expect(lookup.ownerOf(other), other).toBeUndefined();
  expect(lookup.ownerOf(id)).toBe(films);
  // Another database has another secret.
  const others = await openDatabase({ file: ':memory:' });
  const clock = { now: () => 0 };
  const elsewhere = new Impressions({ database: others.database, clock, log: { warn: () => {} }, keepMs: 1 });
  await elsewhere.owners.start();
  expect(lookup.ownerOf(elsewhere.unremembered(films))).toBeUndefined();
  await others.close();
});
