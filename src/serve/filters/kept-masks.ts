import { LRUCache } from 'lru-cache';
import type { ItemMask } from '../../learn/model/item-mask.ts';
import type { Predicate } from './predicate.ts';

/** For all filters on the same rows: 250 predicates on a million of them. */
const mostBytes = 2 ** 25;

/** Masks by predicate, those that were last asked for. */
export class KeptMasks {
  readonly #masks = new LRUCache<string, ItemMask>({
    maxSize: mostBytes,
    sizeCalculation: ({ words }, key) => words.byteLength + 2 * key.length + 1,
  });

  /** The mask of a predicate, which is made where there is none. */
  find(predicate: Predicate, make: () => ItemMask): ItemMask {
    const key = keyOf(predicate);
    const known = this.#masks.get(key);
    if (known) return known;
    const mask = make();
    this.#masks.set(key, mask);
    return mask;
  }
}

function keyOf({ column, negated, ...accepted }: Predicate): string {
  const values =
    accepted.kind === 'text' ? accepted.values : accepted.ranges.map(({ low, high }) => `${low} to ${high}`);
  return JSON.stringify([accepted.kind, column, negated, ...values]);
}
