import { type Histories, uniqueUsersByItem } from '../../histories/histories.ts';

/** All items, those with the most different users first; ties by index. */
export function byPopularity(histories: Histories, itemCount: number): Uint32Array {
  const users = uniqueUsersByItem(histories, itemCount);
  return Uint32Array.from({ length: itemCount }, (_, item) => item).sort((a, b) => users[b] - users[a] || a - b);
}

/** The first `count` of `ranking` that are not among `excluded`. */
export function firstWithout(ranking: Uint32Array, excluded: ReadonlySet<number>, count: number): Uint32Array {
  const found = new Uint32Array(Math.min(count, ranking.length));
  let length = 0;
  for (const item of ranking) {
    if (length === found.length) break;
    if (excluded.has(item)) continue;
    found[length] = item;
    length++;
  }
  return found.subarray(0, length);
}
