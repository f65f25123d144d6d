import { allUsers, type Histories, lengthOf, selectSlices } from '../../histories/histories.ts';
import { draw, uniforms } from '../../kernels/random.ts';
import { type HeldOutPair, type HeldOutPairs, holdOutPairs } from '../similar-items/held-out-pairs.ts';
import { basketsOf, itemsOf, sharedBaskets } from './baskets.ts';

/** Of the users with a basket of several items, and pairs of one basket at most: large ones should not decide. */
const heldOutShare = 0.2;
const pairsOfBasket = 4;
const mostPairs = 3000;
/** With fewer, weights would be those of a few customers: they are chosen on what came next instead. */
const fewestPairs = 100;

/** More would hardly change a mean or a weight. */
const mostBuyers = 20_000;

/** A basket of a user who is held out: the item that is asked about first, all in an order that is drawn. */
export type AskedBasket = { readonly user: number; readonly items: Uint32Array };

/** The baskets of several items of such a share of their users, or of many of them, in an order that is drawn. */
export function drawBaskets(
  histories: Histories,
  itemCount: number,
  share: number,
  seed: number,
): readonly AskedBasket[] {
  const random = uniforms(seed);
  const baskets = basketsOf(histories, itemCount);
  const rows = sharedBaskets(baskets);
  const buyers = Uint32Array.from(new Set(Array.from(rows, (row) => baskets.users[row])));
  const drawn = new Set(draw(buyers, Math.min(mostBuyers, Math.ceil(share * buyers.length)), random));
  const asked = rows.filter((row) => drawn.has(baskets.users[row]));
  return Array.from(draw(asked, asked.length, random), (row) => {
    const items = itemsOf(baskets, row);
    return { user: baskets.users[row], items: draw(items, items.length, random) };
  });
}

/**
 * Holds out all that some users did: items of their baskets are to be found beside another item of the basket. Where
 * baskets are few, what came next is held out.
 */
export function holdOutBaskets(histories: Histories, itemCount: number, seed: number): HeldOutPairs {
  const asked = drawBaskets(histories, itemCount, heldOutShare, seed);
  const heldOut = new Set(asked.map(({ user }) => user));
  const pairs = asked.flatMap(({ items }) =>
    Array.from(items.subarray(0, pairsOfBasket), (item, n): HeldOutPair => {
      return { item, next: items[(n + 1) % items.length] };
    }),
  );
  if (pairs.length < fewestPairs) return holdOutPairs(histories, seed);
  return {
    training: selectSlices(histories, allUsers(histories), (user) => [
      0,
      heldOut.has(user) ? 0 : lengthOf(histories, user),
    ]),
    pairs: pairs.slice(0, mostPairs),
  };
}
