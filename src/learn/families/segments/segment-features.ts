import type { Features } from '../../features/column.ts';
import { allUsers, type Histories, lengthOf, userCount } from '../../histories/histories.ts';
import { userItemMatrix } from '../../histories/user-items.ts';
import { type Csr, transpose } from '../../kernels/csr.ts';

/** What is known of items and of who had them, to find users for some of the items. */
export type SegmentData = {
  /** Items × factors. */
  readonly itemFactors: Float32Array;
  readonly factors: number;
  readonly itemFeatures?: Features | undefined;
  /** Users by item. */
  readonly usersByItem: Csr;
  /** How many users each item had, where some of them have been forgotten since. */
  readonly itemUserCounts?: Uint32Array | undefined;
  /** Interactions of each user. */
  readonly lengths: Uint32Array;
};

export function segmentData(
  histories: Histories,
  itemCount: number,
  parts: Pick<SegmentData, 'itemFactors' | 'factors' | 'itemFeatures'>,
): SegmentData {
  const lengths = Uint32Array.from({ length: userCount(histories) }, (_, user) => lengthOf(histories, user));
  return { ...parts, usersByItem: transpose(userItemMatrix(histories, allUsers(histories), itemCount)), lengths };
}

/** A segment for each of the first `count` items. */
export const singleItems = (count: number): readonly Uint32Array[] =>
  Array.from({ length: count }, (_, item) => Uint32Array.of(item));

/** What items have in common with a user: means over the items, each counting by how many users had it. */
export type SegmentVector = { readonly factors: Float32Array; readonly features: Float32Array };

export function segmentVector(
  { itemFactors, factors, itemFeatures, usersByItem, itemUserCounts }: SegmentData,
  items: Uint32Array,
): SegmentVector {
  const { offsets } = usersByItem;
  const usersOf = (item: number) => itemUserCounts?.[item] ?? offsets[item + 1] - offsets[item];
  const weights = Float64Array.from(items, (item) => 1 + usersOf(item));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (vectors: Float32Array, width: number) => {
    const vector = new Float32Array(width);
    items.forEach((item, n) => {
      const share = weights[n] / total;
      for (let at = 0; at < width; at++) vector[at] += share * vectors[item * width + at];
    });
    return vector;
  };
  const { width, values } = itemFeatures ?? { width: 0, values: new Float32Array() };
  return { factors: mean(itemFactors, factors), features: mean(values, width) };
}

/** How many of the items each user had. */
export function ownCounts({ columns, offsets, indices }: Csr, items: Uint32Array): Uint32Array {
  const counts = new Uint32Array(columns);
  for (const item of items) {
    for (let at = offsets[item]; at < offsets[item + 1]; at++) {
      const user = indices[at];
      counts[user] += 1;
    }
  }
  return counts;
}

/** Of a user, by the number of interactions and how many of the items are among them. */
export const countFeatures = (length: number, own: number): readonly [activity: number, own: number, share: number] => [
  Math.log(Math.max(length, 1)),
  Math.log(0.5 + own),
  own / Math.max(length, 1),
];
