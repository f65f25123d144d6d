import { setImmediate as letOthersRun } from 'node:timers/promises';
import { IntervalCounts } from '../../src/learn/families/trending/interval-counts.ts';
import { trendingItems } from '../../src/learn/families/trending/trending-items.ts';
import { uniformsOf } from '../simulator/chance.ts';
import { keepLog } from '../simulator/log.ts';
import { beginningOf, secondsADay, takenAt } from '../simulator/times.ts';
import { World, type WorldSize } from '../simulator/world.ts';

/** A shop of the simulator with many visitors: some 17,000 interactions a day. */
const fullSize: WorldSize = { users: 20_000, items: 800, newItemsADay: 0, logDays: 14, days: 0 };
const smallSize: WorldSize = { ...fullSize, users: 3000 };

/** Items that have at least so many interactions a day are drawn from, and by so many what became of them is told. */
export const strata = [25, 50, 100] as const;
const doubledItems = 20;
const listLength = 25;
const kind = 11;

/** What lists of one day say of items whose rate doubled at the beginning of it. */
export type Detection = {
  /** Doubled items by stratum, and those of them in the first 25 of each kind of list. */
  readonly doubled: number[];
  readonly found: Readonly<Record<ListName, number[]>>;
  /** Items that trend, in whatever place, and those of them whose rate did not double. */
  trending: number;
  alarms: number;
};

export type ListName = 'trending' | 'popular' | 'increase';

type Click = { readonly item: number; readonly time: number };

/**
 * Doubles the rate of items in the log of a world for a day: for each interaction with one of them there is another
 * at any time of that day. At the end of it the lists are made. Each of the last days is done, in worlds of their own,
 * and each without a doubled item, too.
 */
export async function detectDoubled(seeds: readonly number[], quick: boolean, doubles: boolean): Promise<Detection> {
  const empty = () => strata.map(() => 0);
  const found = { trending: empty(), popular: empty(), increase: empty() };
  const detection: Detection = { doubled: empty(), found, trending: 0, alarms: 0 };
  for (const seed of seeds) {
    const world = new World(seed, quick ? smallSize : fullSize);
    const clicks = keepLog(world).map(({ visit, item, page }) => ({ item, time: takenAt(visit, page, 0) }));
    for (const day of [-5, -4, -3, -2, -1]) await detectOn(day, world, clicks, doubles ? doubledItems : 0, detection);
  }
  return detection;
}

async function detectOn(
  day: number,
  { seed, size }: World,
  clicks: readonly Click[],
  doubledCount: number,
  detection: Detection,
): Promise<void> {
  const [previous, current] = [-1, 0].map((back) => clicksOf(clicks, day + back));
  if (!previous || !current) return;
  const random = uniformsOf(seed, kind, day);
  const rates = countsOf(previous, size.items);
  const frequent = [...rates.keys()].filter((item) => (rates[item] ?? 0) >= strata[0]);
  const doubled = new Set<number>();
  while (doubled.size < Math.min(doubledCount, frequent.length)) {
    doubled.add(frequent[Math.floor(random() * frequent.length)] ?? 0);
  }
  const more = current.filter(({ item }) => doubled.has(item));
  const now = [...current, ...more.map(({ item }) => ({ item, time: beginningOf(day) + random() * secondsADay }))];
  const lists = await listsOf([...previous, ...now], rates, countsOf(now, size.items));
  detection.trending += lists.trending.length;
  detection.alarms += lists.trending.filter((item) => !doubled.has(item)).length;
  const stratumOf = (item: number) => strata.findLastIndex((least) => (rates[item] ?? 0) >= least);
  const byStratum = (items: readonly number[]) =>
    strata.map((_, n) => items.filter((item) => stratumOf(item) === n).length);
  addTo(detection.doubled, byStratum([...doubled]));
  for (const name of ['trending', 'popular', 'increase'] as const) {
    const found = lists[name].slice(0, listLength).filter((item) => doubled.has(item));
    addTo(detection.found[name], byStratum(found));
  }
}

function addTo(sums: number[], numbers: readonly number[]): void {
  for (const [n, number] of numbers.entries()) sums[n] = (sums[n] ?? 0) + number;
}

/** By growth beyond chance, by interactions in the newest interval, and by how many more these are. */
async function listsOf(
  clicks: readonly Click[],
  before: Uint32Array,
  now: Uint32Array,
): Promise<Record<ListName, number[]>> {
  const counts = new IntervalCounts(secondsADay);
  for (const { item, time } of clicks) counts.add(item, time);
  const { items } = await trendingItems(counts, now.length, letOthersRun);
  const by = (score: (item: number) => number) => [...now.keys()].sort((one, other) => score(other) - score(one));
  return {
    trending: items.map(({ item }) => item),
    popular: by((item) => now[item] ?? 0),
    increase: by((item) => (now[item] ?? 0) - (before[item] ?? 0)),
  };
}

const clicksOf = (clicks: readonly Click[], day: number) =>
  clicks.filter(({ time }) => time >= beginningOf(day) && time < beginningOf(day + 1));

function countsOf(clicks: readonly Click[], items: number): Uint32Array {
  const counts = new Uint32Array(items);
  for (const { item } of clicks) counts[item] = (counts[item] ?? 0) + 1;
  return counts;
}
