import type { Histories } from '../../histories/histories.ts';
import { interactionsByItem } from '../../histories/histories.ts';
import type { RankingInfluence } from '../../model/model.ts';

/** What popularity and freshness are of an item, each 0 to 255. */
export type Standing = { readonly popularity: number; readonly freshness: number };

const full = 255;

/** How popular items are: ln(1 + interactions) over that of the item with most. One byte an item. */
export function popularityBytes(histories: Histories, itemCount: number): Uint8Array {
  const counts = interactionsByItem(histories, itemCount);
  const most = counts.reduce((greatest, count) => Math.max(greatest, count), 0);
  const scale = most > 0 ? full / Math.log1p(most) : 0;
  return Uint8Array.from(counts, (count) => Math.round(scale * Math.log1p(count)));
}

/**
 * The creation times, ascending, that divide those there are into 256 parts of one size: what makes freshness of a
 * time. Ranks rather than times, so that no single item of long ago, or of the future, presses all others together.
 */
export function timeCuts(times: Float64Array): Float64Array {
  const known = Float64Array.from(new Set(times.filter(Number.isFinite))).sort();
  if (known.length < 2) return new Float64Array();
  return Float64Array.from({ length: full }, (_, n) => known[Math.ceil(((n + 1) * (known.length - 1)) / full)]);
}

/** How new an item of that time is among those of the training: 0 (the oldest, or no time) to 255 (the newest). */
export function freshnessByte(cuts: Float64Array, time: number): number {
  let [from, to] = [0, Number.isFinite(time) ? cuts.length : 0];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (cuts[middle] <= time) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Items that are like the one of a query, by index or id, and what else decides about their order. */
export type Candidate<Item> = { readonly item: Item; readonly cosine: number; readonly boost: number };

/** So many of the most similar items, and so many for each that is wanted, take part where influences order them. */
const influenced = { least: 200, perItem: 4 };

export const isInfluenced = ({ POPULARITY = 0, FRESHNESS = 0 }: RankingInfluence = {}): boolean =>
  POPULARITY > 0 || FRESHNESS > 0;

/** How many of the most similar items decide a list of `count`. */
export const candidateCount = (count: number, influence: RankingInfluence | undefined): number =>
  isInfluenced(influence) ? Math.max(influenced.least, influenced.perItem * count) : count;

/** What is added to the cosine of an item: each weight of the campaign times how popular, or new, the item is. */
export const boostOf = (
  { popularity, freshness }: Standing,
  { POPULARITY = 0, FRESHNESS = 0 }: RankingInfluence = {},
) => (POPULARITY * popularity + FRESHNESS * freshness) / full;

/**
 * The best of the most similar items by cosine + boost. So a weight of 1 counts as much as whether a text is the same
 * or has nothing in common, but only among the most similar items: an answer is never what is merely popular or new.
 */
export function bestOf<Item>(
  candidates: readonly Candidate<Item>[],
  count: number,
  influence: RankingInfluence | undefined,
): readonly Candidate<Item>[] {
  const bySimilarity = candidates.toSorted((a, b) => b.cosine - a.cosine);
  if (!isInfluenced(influence)) return bySimilarity.slice(0, count);
  return bySimilarity
    .slice(0, candidateCount(count, influence))
    .toSorted((a, b) => b.cosine + b.boost - (a.cosine + a.boost))
    .slice(0, count);
}
