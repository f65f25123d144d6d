import {
  allUsers,
  type Histories,
  type History,
  historyOf,
  lengthOf,
  selectSlices,
} from '../../histories/histories.ts';
import { uniforms } from '../../kernels/random.ts';

/** An item, and what its user had right after it. */
export type HeldOutPair = { readonly item: number; readonly next: number };

export type HeldOutPairs = {
  /** Without the interactions that the pairs are made from. */
  readonly training: Histories;
  readonly pairs: readonly HeldOutPair[];
};

/** More would hardly improve the weights. */
const mostPairs = 3000;

/**
 * Holds out the newest item of some users: to be found beside the other item before it. Interactions with it in a row,
 * such as a click and then a purchase, are held out together.
 */
export function holdOutPairs(histories: Histories, seed: number): HeldOutPairs {
  const users = allUsers(histories).filter((user) => newestRun(historyOf(histories, user)) < lengthOf(histories, user));
  const random = uniforms(seed);
  const chosen = users.subarray(0, mostPairs);
  for (let n = 0; n < chosen.length; n++) {
    const other = n + Math.floor(random() * (users.length - n));
    [users[n], users[other]] = [users[other], users[n]];
  }
  const kept = Uint32Array.from(allUsers(histories), (user) => lengthOf(histories, user));
  for (const user of chosen) kept[user] -= newestRun(historyOf(histories, user));
  return {
    training: selectSlices(histories, allUsers(histories), (user) => [0, kept[user]]),
    pairs: Array.from(chosen, (user) => {
      const { items } = historyOf(histories, user);
      return { item: items[kept[user] - 1], next: items[items.length - 1] };
    }),
  };
}

/** How many of the newest interactions are with one item. */
function newestRun({ items }: History): number {
  let count = 0;
  while (count < items.length && items[items.length - 1 - count] === items[items.length - 1]) count++;
  return count;
}
