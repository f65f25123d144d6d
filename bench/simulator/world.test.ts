import { expect, test } from 'vitest';
import { choices, itemsAPage, pagesAVisit } from './behaviour.ts';
import { keepLog } from './log.ts';
import { oracle } from './oracle.ts';
import { goodNewItems, outcomeOf } from './outcome.ts';
import type { Recommender } from './recommender.ts';
import { simulate } from './simulation.ts';
import { World } from './world.ts';

const size = { users: 60, items: 200, newItemsADay: 10, logDays: 20, days: 9 };
const world = new World(7, size);
const log = keepLog(world);
const visits = Array.from({ length: size.days }, (_, day) => world.visits(day)).flat();
const catalogue = Array.from({ length: size.items }, (_, item) => item);

/** Shows these items to everybody. */
const fixed = (items: readonly number[]): Recommender => ({
  beginDay: async () => {},
  recommend: async (_visit, count) => items.slice(0, count),
  hear: async () => {},
  endDay: async () => {},
});
const outcomeWith = async (recommender: Recommender) =>
  outcomeOf(world, await simulate(world, recommender), goodNewItems(world));

test('a world is what its seed says, whatever was asked of it', () => {
  const again = new World(7, size);
  expect(again.visits(3)).toEqual(world.visits(3));
  expect(keepLog(again)).toEqual(log);
  expect(new World(8, size).visits(3)).not.toEqual(world.visits(3));
});

test('users take what they like: the best by taste are taken far more often than any ten', async () => {
  const best = await outcomeWith(oracle(world));
  const any = await outcomeWith(fixed(catalogue));
  expect(best.clickThrough).toBeGreaterThan(3 * any.clickThrough);
});

test('a user prefers what others do not: own tastes tell more than everybody’s', () => {
  const first = (visit: (typeof visits)[number], of = visit) =>
    world.appeal(
      visit,
      catalogue.reduce((best, item) => (world.appeal(of, item) > world.appeal(of, best) ? item : best)),
    );
  const pairs = visits.slice(0, 60).map((visit, n) => [visit, visits.at(-1 - n) ?? visit] as const);
  const own = pairs.reduce((sum, [visit]) => sum + first(visit), 0);
  const others = pairs.reduce((sum, [visit, other]) => sum + first(visit, other), 0);
  expect(own).toBeGreaterThan(2 * others);
});

test('what is at the top is looked at more often', () => {
  let [top, bottom] = [0, 0];
  for (const visit of visits) {
    for (let item = 0; item < 50; item += 10) {
      const shown = catalogue.slice(item, item + 10);
      if (choices(world, visit, 0, shown).includes(item)) top++;
      if (choices(world, visit, 0, shown.toReversed()).includes(item)) bottom++;
    }
  }
  expect(top).toBeGreaterThan(1.5 * bottom);
});

test('an item is liked or not once a visit, and shown once', async () => {
  const liked = (page: number) =>
    visits.slice(0, 20).map((visit) => catalogue.filter((item) => choices(world, visit, page, [item]).length > 0));
  expect(liked(1)).toEqual(liked(0));
  expect(liked(0).flat().length).toBeGreaterThan(0);
  const pages = await simulate(world, fixed(catalogue));
  const first = new Map(pages.map(({ shown }) => [shown[0], shown.length]));
  const pageStarts = Array.from({ length: pagesAVisit }, (_, page) => page * itemsAPage);
  expect(first).toEqual(new Map(pageStarts.map((item) => [item, itemsAPage])));
});

test('new items come day by day, and some of them are good', async () => {
  expect(world.arrivals(-1)).toHaveLength(200);
  expect(world.arrivals(4).map(({ id }) => id)).toContain('item-245');
  const good = goodNewItems(world);
  expect(good.size).toBeGreaterThan(0);
  expect(good.size).toBeLessThan(40);
  expect((await outcomeWith(fixed(catalogue))).goodNew).toBe(0);
  expect((await outcomeWith(oracle(world))).goodNew).toBeGreaterThan(0);
});
