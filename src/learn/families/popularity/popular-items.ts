import { type Histories, uniqueUsersByItem } from '../../histories/histories.ts';
import { isEligible } from '../../model/item-mask.ts';
import type { ListQuery } from '../../model/item-model.ts';

/** All items, those with the most different users first; ties by index. */
export const byPopularity = (histories: Histories, itemCount: number): Uint32Array =>
  byCount(uniqueUsersByItem(histories, itemCount));

/** All items, those with the greatest counts first; ties by index. */
export const byCount = (counts: Uint32Array): Uint32Array =>
  Uint32Array.from(counts.keys()).sort((a, b) => counts[b] - counts[a] || a - b);

/** The first items of a ranking that a query may have. */
export function firstEligible(ranking: Uint32Array, { count, eligible }: ListQuery): Uint32Array {
  if (eligible === undefined) return ranking.subarray(0, count);
  const found = new Uint32Array(Math.min(count, ranking.length));
  let length = 0;
  for (let n = 0; n < ranking.length && length < found.length; n++) {
    if (isEligible(eligible, ranking[n])) found[length++] = ranking[n];
  }
  return found.subarray(0, length);
}
