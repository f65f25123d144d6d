import { LRUCache } from 'lru-cache';
import type { ItemMask } from '../../learn/model/item-mask.ts';
import type { Predicate } from './predicate.ts';

/** For all filters on the same rows: 250 predicates on a million of them. */
const mostBytes = 2 ** 25;

/** Masks by predicate, those that were last asked for. */
export class KeptMasks<Mask extends ItemMask> {
  /** One that has left, to be used again. */
  #left: Mask | undefined;
  readonly #masks = new LRUCache<string, Mask>({
    maxSize: mostBytes,
    sizeCalculation: ({ words }, key) => words.byteLength + 2 * key.length + 1,
    dispose: (mask) => {
      this.#left = mask;
    },
  });

  /** The mask of a predicate, which is made where there is none, if possible in the memory of one that has left. */
  find(predicate: Predicate, make: (left: Mask | undefined) => Mask): Mask {
    const key = keyOf(predicate);
    const known = this.#masks.get(key);
    if (known) return known;
    const left = this.#left;
    this.#left = undefined;
    const mask = make(left);
    this.#masks.set(key, mask);
    return mask;
  }
}

function keyOf({ column, negated, ...accepted }: Predicate): string {
  const values =
    accepted.kind === 'text' ? accepted.values : accepted.ranges.map(({ low, high }) => `${low} to ${high}`);
  return JSON.stringify([accepted.kind, column, negated, ...values]);
}
