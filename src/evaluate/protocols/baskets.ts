import { type AskedBasket, drawBaskets } from '../../learn/families/baskets/held-out-baskets.ts';
import { type Histories, lengthOf, userCount } from '../../learn/histories/histories.ts';
import type { Protocol, QueryRange } from './protocol.ts';

const heldOutShare = 0.2;

/**
 * A fifth of the users who bought several items together, drawn by the seed, do not train. Of each of their baskets an
 * item, drawn too, is asked about: for the others of the basket.
 */
export const baskets: Protocol = {
  name: 'baskets',
  asksFor: 'bought together',
  needsTest: false,
  keepsSeen: false,
  onlyTrainedItems: false,
  seeded: true,
  split: ({ histories, items }, seed) => basketsLast(histories, drawBaskets(histories, items.size, heldOutShare, seed)),
};

/** Of the users who are asked about, their baskets one after another in place of the history. */
function basketsLast(histories: Histories, asked: readonly AskedBasket[]) {
  const users = userCount(histories);
  const items = histories.items.slice();
  const lengths = new Map<number, number>();
  const queries = asked.map((basket): QueryRange => {
    const since = lengths.get(basket.user) ?? 0;
    const to = since + basket.items.length;
    items.set(basket.items, histories.starts[basket.user] + since);
    lengths.set(basket.user, to);
    return { user: basket.user, since, from: since + 1, to };
  });
  const isAsked = (user: number) => lengths.has(user);
  const training = Uint32Array.from({ length: users }, (_, user) => (isAsked(user) ? 0 : lengthOf(histories, user)));
  return { histories: { ...histories, items }, training, queries: { user: queries } };
}
