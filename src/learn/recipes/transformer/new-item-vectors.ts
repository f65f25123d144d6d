import type { Features } from '../../features/column.ts';
import { type Histories, uniqueUsersByItem } from '../../histories.ts';
import type { Rows } from './item-rows.ts';
import { itemWeight, joinedTable } from './item-vectors.ts';

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

/** Gives those of the new items that have no vector yet the mean of their neighbours' vectors, by likeness, in place. */
export function placeByNeighbours(
  table: Float32Array,
  newItems: Uint32Array,
  { offsets, indices, values }: Rows,
  histories: Histories,
): void {
  const itemCount = offsets.length - 1;
  const width = table.length / itemCount;
  const users = uniqueUsersByItem(histories, itemCount);
  for (const item of newItems) {
    const vector = table.subarray(item * width, (item + 1) * width);
    if (vector.some((value) => value !== 0)) continue;
    const [begin, end] = [offsets[item] ?? 0, offsets[item + 1] ?? 0];
    const likeness = values.subarray(begin, end).reduce((sum, value) => sum + value, 0);
    const known = (users[item] ?? 0) / ((users[item] ?? 0) + shrinkage);
    for (let at = begin; at < end; at++) {
      const from = (indices[at] ?? 0) * width;
      const weight = (known * (values[at] ?? 0)) / likeness;
      for (let n = 0; n < width; n++) vector[n] = (vector[n] ?? 0) + weight * (table[from + n] ?? 0);
    }
  }
}
