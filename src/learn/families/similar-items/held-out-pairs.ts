import { allUsers, type Histories, historyOf, lengthOf, selectSlices, userCount } from '../../histories/histories.ts';
import { uniforms } from '../../kernels/random.ts';

/** An item, and what its user had right after it. */
export type HeldOutPair = { readonly item: number; readonly next: number };

export type HeldOutPairs = {
  /** Without what the pairs are of. */
  readonly training: Histories;
  readonly pairs: readonly HeldOutPair[];
};

/** More would hardly improve the weights. */
const mostPairs = 3000;

/** Holds out the newest interaction of some users: to be found beside the one before it, where that is another item. */
export function holdOutPairs(histories: Histories, seed: number): HeldOutPairs {
  const users = allUsers(histories).filter((user) => {
    const { items } = historyOf(histories, user);
    return items.length >= 2 && items.at(-1) !== items.at(-2);
  });
  const random = uniforms(seed);
  const chosen = users.subarray(0, mostPairs);
  for (let n = 0; n < chosen.length; n++) {
    const other = n + Math.floor(random() * (users.length - n));
    [users[n], users[other]] = [users[other], users[n]];
  }
  const isChosen = new Uint8Array(userCount(histories));
  for (const user of chosen) isChosen[user] = 1;
  return {
    training: selectSlices(histories, allUsers(histories), (user) => [0, lengthOf(histories, user) - isChosen[user]]),
    pairs: Array.from(chosen, (user) => {
      const { items } = historyOf(histories, user);
      return { item: items[items.length - 2], next: items[items.length - 1] };
    }),
  };
}
