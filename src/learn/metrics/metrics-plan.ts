import {
  allUsers,
  type Histories,
  type History,
  interactionsByItem,
  lengthOf,
  selectSlices,
  selectUsers,
} from '../histories/histories.ts';
import { type ItemMask, maskWithout } from '../model/item-mask.ts';
import { inputLength, queryOf, type Split } from './split.ts';

/** How a model is measured on the users of a split that are held out. */
export type MetricsPlan = {
  /** Who is asked about. */
  readonly heldOut: Uint32Array;
  /** What the measured model learns from: of these users these histories, in their order. */
  readonly users: Uint32Array;
  readonly histories: Histories;
  /** The items that the list for an input may have; all where it gives none. */
  readonly eligible: (input: History) => ItemMask | undefined;
  /** Says which lists are measured, and why. */
  readonly sentence: string;
};

/** Metrics are means, and theirs stand still long before this many users. */
const mostUsers = 20_000;

/**
 * The share of held-out items that users had before, beyond which they come back to what they had. Films, reviews and
 * places have none (MovieLens, Amazon, Gowalla); of what buyers look at in a shop it is 0.19 (RetailRocket), of clicks
 * in a session 0.37 (Yoochoose).
 */
const mostReturns = 0.05;

/** Whether users come back to what they had, if `returns` of `all` held-out items are in the input. */
export const comeBack = (returns: number, all: number): boolean => returns > mostReturns * all;

/**
 * Usually the held-out users do not train, and lists leave out the items of the input. Where users come back to what
 * they had, what is to be found would be left out: there lists are those that are served. If much of it is nobody
 * else's, no model could know it, and the inputs train, too.
 */
export function planMetrics(histories: Histories, split: Split, itemCount: number): MetricsPlan {
  const heldOut = split.heldOut.subarray(0, mostUsers);
  const training = { users: split.training, histories: selectUsers(histories, split.training) };
  const all = countHeldOut(histories, heldOut, () => true);
  const returns = countHeldOut(histories, heldOut, (item, input) => input.has(item));
  const share = `${returns} of ${all} held-out items are in their users' histories`;
  if (!comeBack(returns, all)) {
    return {
      heldOut,
      ...training,
      eligible: ({ items }) => maskWithout(itemCount, items),
      sentence: `${share}: metrics are those of lists without the items of the histories`,
    };
  }
  const others = interactionsByItem(training.histories, itemCount);
  const unknown = countHeldOut(histories, heldOut, (item, input) => input.has(item) && others[item] === 0);
  return {
    heldOut,
    ...(comeBack(unknown, all) ? withInputs(histories, split) : training),
    eligible: () => undefined,
    sentence: `${share}: metrics are those of the lists as they are served`,
  };
}

/** All users, those who are held out with their inputs. */
function withInputs(histories: Histories, { heldOut }: Split): Pick<MetricsPlan, 'users' | 'histories'> {
  const isHeldOut = new Set(heldOut);
  const users = allUsers(histories);
  const known = (user: number) => (isHeldOut.has(user) ? inputLength(histories, user) : lengthOf(histories, user));
  return { users, histories: selectSlices(histories, users, (user) => [0, known(user)]) };
}

/** How many held-out items are such; `input` is what their user had before. */
function countHeldOut(
  histories: Histories,
  heldOut: Uint32Array,
  isSuch: (item: number, input: ReadonlySet<number>) => boolean,
): number {
  let count = 0;
  for (const user of heldOut) {
    const { input, truth } = queryOf(histories, user);
    const known = new Set(input.items);
    for (const item of truth) if (isSuch(item, known)) count++;
  }
  return count;
}
