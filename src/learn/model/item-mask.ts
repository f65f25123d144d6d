import { countBits, hasBit, positionsOfBits, wordBits } from '../kernels/bits.ts';

/**
 * The items that an answer may have, as bits over a model's item indexes. It is plain data: a message to a scoring
 * thread carries it as it is, and does not copy words that lie in shared memory.
 */
export type ItemMask = {
  /** How many items the model has. */
  readonly size: number;
  /** Item `i` is bit `i % 32` of word `i / 32`. Bits beyond the last item are 0. */
  readonly words: Uint32Array;
};

/** Whose memory the bits lie in: `shared` is read by all threads, `own` is copied to them. */
type Sharing = 'own' | 'shared';

/** @throws RangeError if an item is not one of the `size` items of the model. */
export function maskOf(size: number, items: Iterable<number>, sharing: Sharing = 'own'): ItemMask {
  const { words } = emptyMask(size, sharing);
  for (const item of items) {
    if (!(item >= 0 && item < size)) throw new RangeError(`There is no item ${item} among ${size}.`);
    words[item >>> 5] |= 1 << (item & 31);
  }
  return { size, words };
}

/** The items for which the predicate holds. */
export function maskWhere(size: number, isEligible: (item: number) => boolean, sharing: Sharing = 'own'): ItemMask {
  const { words } = emptyMask(size, sharing);
  for (let item = 0; item < size; item++) if (isEligible(item)) words[item >>> 5] |= 1 << (item & 31);
  return { size, words };
}

/** All items but these. */
export const maskWithout = (size: number, items: Iterable<number>): ItemMask => not(maskOf(size, items));

/** The items that both masks have. */
export function and(one: ItemMask, other: ItemMask): ItemMask {
  const { size, words } = maskBeside(one, other);
  for (let n = 0; n < words.length; n++) words[n] = one.words[n] & other.words[n];
  return { size, words };
}

/** The items that one of the masks has, or both. */
export function or(one: ItemMask, other: ItemMask): ItemMask {
  const { size, words } = maskBeside(one, other);
  for (let n = 0; n < words.length; n++) words[n] = one.words[n] | other.words[n];
  return { size, words };
}

/** The items that the mask lacks. */
export function not(mask: ItemMask): ItemMask {
  const { size, words } = emptyMask(mask.size);
  for (let n = 0; n < words.length; n++) words[n] = ~mask.words[n];
  const rest = size % wordBits;
  if (rest > 0) words[words.length - 1] &= 2 ** rest - 1;
  return { size, words };
}

export const isEligible = ({ words }: ItemMask, item: number): boolean => hasBit(words, item);

/** How many items are eligible; counting ends beyond `enough`. */
export const eligibleCount = ({ words }: ItemMask, enough?: number): number => countBits(words, enough);

/** The indexes of the eligible items, ascending. */
export const eligibleItems = ({ words }: ItemMask): Uint32Array => positionsOfBits(words);

/** @throws RangeError if a query's mask is not over the items of the model. */
export function requireMaskFor(
  { items }: { readonly items: { readonly size: number } },
  { eligible }: { readonly eligible?: ItemMask | undefined },
): void {
  if (eligible && eligible.size !== items.size) {
    throw new RangeError(`A mask of ${eligible.size} items was given to a model of ${items.size}.`);
  }
}

function emptyMask(size: number, sharing: Sharing = 'own'): ItemMask {
  const bytes = 4 * Math.ceil(size / wordBits);
  const buffer = sharing === 'shared' ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  return { size, words: new Uint32Array(buffer) };
}

/** Room for what two masks make together. @throws RangeError if they are of models with different numbers of items. */
function maskBeside(one: ItemMask, other: ItemMask): ItemMask {
  if (one.size !== other.size) throw new RangeError(`A mask of ${one.size} items meets one of ${other.size}.`);
  return emptyMask(one.size);
}
