import { allUsers, type Histories, historyOf, interactionsByItem, selectUsers } from '../../histories/histories.ts';
import { itemRows, type SparseItemRows } from './item-rows.ts';

/** How far from an interaction another may stand to make a pair with it. */
export type PairRange = {
  /** Interactions before it, and after it. */
  readonly before: number;
  readonly after: number;
  /** Whether an item makes pairs with itself. */
  readonly itself: boolean;
  /** Entries kept of an item. */
  readonly most: number;
};

/** Added to the number of an item's interactions, so that what was seen once is no certainty. */
const shrinkage = 2;

/**
 * Row by row, what stands near the row's item in the histories: Σ 1 / distance over all pairs within reach, over its
 * interactions + 2. With a reach of one after it these are first-order transitions. In a history of one moment nothing
 * is near anything.
 */
export function nearPairs(
  histories: Histories,
  itemCount: number,
  reach: PairRange,
  signal: AbortSignal,
): Promise<SparseItemRows> {
  const { items, starts, ends } = histories;
  const { offsets, users, positions } = occurrences(histories, itemCount);
  const count = (item: number) => offsets[item + 1] - offsets[item];
  return itemRows({
    itemCount,
    most: reach.most,
    signal,
    addPairs(item, add) {
      for (let at = offsets[item]; at < offsets[item + 1]; at++) {
        const user = users[at];
        const position = positions[at];
        const first = Math.max(starts[user], position - reach.before);
        const end = Math.min(ends[user], position + reach.after + 1);
        for (let near = first; near < end; near++) {
          const other = items[near];
          if (near !== position && (reach.itself || other !== item)) add(other, 1 / Math.abs(near - position));
        }
      }
    },
    worthOf: (item, _, sum) => sum / (count(item) + shrinkage),
  });
}

/**
 * Whose ordered history has each item, and at which position of the arrays: item i's are at [offsets[i], offsets[i +
 * 1]).
 */
function occurrences(histories: Histories, itemCount: number) {
  const ordered = allUsers(histories).filter((user) => {
    const { timestamps } = historyOf(histories, user);
    return timestamps.at(-1) !== timestamps[0];
  });
  const offsets = new Uint32Array(itemCount + 1);
  interactionsByItem(selectUsers(histories, ordered), itemCount).forEach((count, item) => {
    offsets[item + 1] = offsets[item] + count;
  });
  const next = offsets.slice();
  const users = new Uint32Array(offsets[itemCount]);
  const positions = new Uint32Array(users.length);
  for (const user of ordered) {
    for (let position = histories.starts[user]; position < histories.ends[user]; position++) {
      const item = histories.items[position];
      const at = next[item];
      users[at] = user;
      positions[at] = position;
      next[item] = at + 1;
    }
  }
  return { offsets, users, positions };
}
