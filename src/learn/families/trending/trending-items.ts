import { chanceOfGrowth, discoveries, growthScore, leastGrowth } from './growth.ts';
import type { IntervalCounts } from './interval-counts.ts';

/** An item with fewer interactions in the newest interval is no trend, with fewer in both nothing that is tested. */
const leastInteractions = 5;
/** The share of the items in a list, on the average, that may have grown by chance. */
const falseShare = 0.05;
/** How certain the growth is by which items are ordered: a one-sided 95 %. */
const orderScore = 1.645;
/** The others' traffic is taken to be steady unless more interactions than about so many say otherwise. */
const steadyInteractions = 20;
/** Items that are looked at without a pause: a fraction of a millisecond. */
const itemsAtOnce = 2 ** 12;
/** Longest list: twice as many items as an answer may have, since filters drop some. */
const mostItems = 1000;
/** Nothing with a lower score is a discovery, however much grows. */
const leastScore = 1.5;

export type TrendingItem = {
  readonly item: number;
  /** Interactions in the newest interval. */
  readonly current: number;
  /** The factor by which it has grown beyond all other items, at least. */
  readonly growth: number;
};

export type TrendingItems = {
  /** Fastest growth first; those that are equal in all have no order. */
  readonly items: readonly TrendingItem[];
  /** Items with interactions in one of the two intervals. */
  readonly active: number;
};

/**
 * The items whose interactions have grown between two consecutive intervals by more than chance and than those of the
 * other items. It pauses now and then: interactions that come meanwhile may count or not.
 *
 * @param itemCount how many items there may be
 */
export async function trendingItems(
  counts: IntervalCounts,
  itemCount: number,
  pause: () => Promise<unknown>,
): Promise<TrendingItems> {
  const [allCurrent, allPrevious] = counts.totals;
  const { lengthRatio } = counts;
  const size = Math.min(itemsAtOnce, itemCount);
  const [current, previous] = [new Float64Array(size), new Float64Array(size)];
  const grown: (TrendingItem & { readonly chance: number })[] = [];
  let [active, tests] = [0, 0];
  for (let start = 0; start < itemCount; start += size) {
    if (start > 0) await pause();
    counts.read(start, current, previous);
    for (let n = 0; n < size; n++) {
      const [now, before] = [current[n], previous[n]];
      if (now + before === 0) continue;
      active++;
      // Where nothing grows, the sum of both intervals does not tell how it is split between them.
      if (now + before >= leastInteractions) tests++;
      if (now < leastInteractions) continue;
      const traffic =
        (Math.max(allCurrent - now, 0) + steadyInteractions * lengthRatio) /
        (Math.max(allPrevious - before, 0) + steadyInteractions);
      if (growthScore(now, before, traffic) <= leastScore) continue;
      const growth = leastGrowth(now, before, traffic, orderScore);
      grown.push({ item: start + n, current: now, growth, chance: chanceOfGrowth(now, before, traffic) });
    }
  }
  grown.sort((one, other) => one.chance - other.chance);
  const chances = grown.map(({ chance }) => chance);
  const items = grown.slice(0, Math.min(discoveries(chances, tests, falseShare), mostItems));
  return { items: items.sort((one, other) => other.growth - one.growth || other.current - one.current), active };
}
