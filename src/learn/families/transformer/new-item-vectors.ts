import type { Features } from '../../features/column.ts';
import { type Histories, uniqueUsersByItem } from '../../histories/histories.ts';
import type { SparseItemRows } from '../item-pairs/item-rows.ts';
import { itemWeight, joinedTable } from './encoder/item-vectors.ts';

/** Added to the number of a new item's users: what few had is not yet taken to be just like its neighbours. */
const shrinkage = 2;

/** Gives new items the vectors that their features come to, in place. */
export function placeByFeatures(
  table: Float32Array,
  newItems: Uint32Array,
  features: Features,
  weight: Float32Array,
): void {
  const vectors = joinedTable({ [itemWeight]: weight }, features, newItems.length);
  const width = weight.length / features.width;
  newItems.forEach((item, n) => {
    table.set(vectors.subarray(n * width, (n + 1) * width), item * width);
  });
}

/**
 * Gives those of the new items that have no vector yet the mean of the vectors of the items that predict them, by
 * weight, in place.
 */
export function placeByNeighbours(
  table: Float32Array,
  newItems: Uint32Array,
  { offsets, indices, values }: SparseItemRows,
  histories: Histories,
): void {
  const itemCount = offsets.length - 1;
  const width = table.length / itemCount;
  const users = uniqueUsersByItem(histories, itemCount);
  const lacking = new Set(
    newItems.filter((item) => table.subarray(item * width, (item + 1) * width).every((value) => value === 0)),
  );
  const sums = new Map<number, number>();
  for (let from = 0; from < itemCount; from++) {
    if (lacking.has(from)) continue;
    const known = table.subarray(from * width, (from + 1) * width);
    for (let at = offsets[from]; at < offsets[from + 1]; at++) {
      const item = indices[at];
      if (!lacking.has(item)) continue;
      const weight = values[at];
      sums.set(item, (sums.get(item) ?? 0) + weight);
      for (let n = 0; n < width; n++) table[item * width + n] += weight * known[n];
    }
  }
  for (const [item, sum] of sums) {
    const known = users[item] / (users[item] + shrinkage);
    for (let n = item * width; n < (item + 1) * width; n++) table[n] = (known * table[n]) / sum;
  }
}
