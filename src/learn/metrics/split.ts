import {
  type Histories,
  type History,
  historyOf,
  lengthOf,
  sliceHistory,
  type UserSlices,
  userCount,
} from '../histories/histories.ts';
import { draw, uniforms } from '../kernels/random.ts';

/** One user in ten is held out (spec training.md §9.1) … */
const heldOutShare = 0.1;
/** … and of a held-out history the newest tenth. */
const truthShare = 0.1;

export type Split = { readonly training: Uint32Array; readonly heldOut: Uint32Array };

/**
 * The service's split: the users in `from` who train, in their order, and a tenth of those who can be evaluated, drawn
 * by the seed. A user with one interaction cannot be evaluated and trains.
 */
export function splitUsers(histories: UserSlices, from: Uint32Array, seed: number): Split {
  const evaluable = from.filter((user) => lengthOf(histories, user) >= 2);
  const count = evaluable.length < 2 ? 0 : Math.max(1, Math.round(heldOutShare * evaluable.length));
  const heldOut = draw(evaluable, count, uniforms(seed));
  const isHeldOut = new Uint8Array(userCount(histories));
  for (const user of heldOut) isHeldOut[user] = 1;
  return { training: from.filter((user) => isHeldOut[user] === 0), heldOut };
}

/** A held-out history as a query: its input, and what should be found. */
export type Query = { readonly input: History; readonly truth: ReadonlySet<number> };

/** How many of a held-out user's interactions are the input: the oldest 90 %, and not the newest one. */
export const inputLength = (histories: UserSlices, user: number): number =>
  lengthOf(histories, user) - Math.max(1, Math.round(truthShare * lengthOf(histories, user)));

/** The oldest 90 % are the input, the newest 10 %, at least one interaction, the truth. */
export function queryOf(histories: Histories, user: number): Query {
  const history = historyOf(histories, user);
  const known = inputLength(histories, user);
  return {
    input: sliceHistory(history, 0, known),
    truth: new Set(history.items.subarray(known)),
  };
}
