import { availableParallelism } from 'node:os';
import { allUsers, type Histories, interactionsByItem, selectUsers } from '../../histories/histories.ts';
import { userItemMatrix } from '../../histories/user-items.ts';
import { coOccurrence } from '../../kernels/co-occurrence.ts';
import { itemRows, type SparseItemRows } from '../item-pairs/item-rows.ts';
import { nearPairs } from '../item-pairs/near-pairs.ts';

/** What pairs of items say without any learning, by name. */
export type PairSignals = Readonly<Record<string, SparseItemRows>>;

/** What came soon after an item or before it, and what the same users had. */
export type HistorySignals = Readonly<Record<'following' | 'preceding' | 'together', SparseItemRows>>;

/** Interactions to either side that are near. */
const reach = 5;
/** Newest interactions of a user that count together: the work grows with their square. */
const newest = 1000;
/** Entries kept of an item, and of all items together, in each signal, at 8 bytes. */
const keptOfItem = 200;
const keptOfAll = 4e8 / 3;

/** A signal of this size doubles the odds of an item that has its weight 1. */
const scale = 1e-3;

/** How a signal enters the logit of a pair. */
export const logSignal = (value: number): number => Math.log(1 + value / scale);

/**
 * Row by row, of the row's item and another: Σ 1 / distance over the row's interactions + 2, after it and before it;
 * and the cosine of who had the two.
 */
export async function signalsOf(histories: Histories, itemCount: number, signal: AbortSignal): Promise<HistorySignals> {
  const most = keptEntries(itemCount);
  const ranges = [
    { before: 0, after: reach, itself: false, most },
    { before: reach, after: 0, itself: false, most },
  ];
  const [following, preceding] = await nearPairs(histories, itemCount, ranges, signal);
  return {
    following,
    preceding,
    together: await cosines(histories, itemCount, most, signal),
  };
}

/** Entries of an item's row, where there are several signals. */
export const keptEntries = (itemCount: number): number =>
  Math.ceil(Math.min(keptOfItem, keptOfAll / Math.max(itemCount, 1)));

/** The cosine of who had the row's item and another. */
export async function cosines(
  histories: Histories,
  itemCount: number,
  most: number,
  signal: AbortSignal,
): Promise<SparseItemRows> {
  const users = allUsers(histories);
  const userItems = userItemMatrix(selectUsers(histories, users, newest), users, itemCount);
  const scales = inverseRoots(userItems.indices, itemCount);
  const {
    offsets,
    indices,
    values = new Float32Array(),
  } = await coOccurrence({
    userItems,
    topN: most,
    minimumCount: 1,
    columnWeights: scales,
    threads: availableParallelism(),
    signal,
  });
  for (let item = 0; item < itemCount; item++) {
    for (let at = offsets[item]; at < offsets[item + 1]; at++) values[at] *= scales[item];
  }
  return { offsets, indices, values };
}

/** 1 / √users of each item. */
function inverseRoots(items: Uint32Array, itemCount: number): Float32Array {
  const counts = new Uint32Array(itemCount);
  for (const item of items) counts[item] += 1;
  return Float32Array.from(counts, (count) => Math.max(count, 1) ** -0.5);
}

/** Entries of a row that the factorisation looks at. */
const factored = 50;
const factoredScale = 1e-2;

/**
 * How much more two items go together than chance would have it, as a logarithm, from all signals: what item vectors
 * are made of.
 */
export function affinities(
  { following, preceding, together }: HistorySignals,
  histories: Histories,
  itemCount: number,
  signal: AbortSignal,
): Promise<SparseItemRows> {
  const counts = interactionsByItem(histories, itemCount);
  return itemRows({
    itemCount,
    most: factored,
    signal,
    addPairs(item, add) {
      for (const { offsets, indices, values } of [following, preceding]) {
        for (let at = offsets[item]; at < offsets[item + 1]; at++) {
          const other = indices[at];
          add(other, (values[at] * (counts[item] + 2)) / (Math.sqrt(counts[item] * counts[other]) + 2));
        }
      }
      const { offsets, indices, values } = together;
      for (let at = offsets[item]; at < offsets[item + 1]; at++) add(indices[at], values[at]);
    },
    worthOf: (_item, _other, sum) => Math.log(1 + sum / factoredScale),
  });
}
