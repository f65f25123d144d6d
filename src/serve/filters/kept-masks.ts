import { LRUCache } from 'lru-cache';
import { FollowedMask, type MaskSource } from './followed-mask.ts';
import type { Predicate } from './predicate.ts';
import type { RowMask } from './row-mask.ts';

/** For all filters on the same rows: 250 predicates on a million of them. */
const mostBytes = 2 ** 25;

/** Masks by predicate, those that were last asked for. */
export class KeptMasks {
  /** One that has left, to be used again. */
  #left: RowMask | undefined;
  readonly #masks = new LRUCache<string, FollowedMask>({
    maxSize: mostBytes,
    sizeCalculation: ({ mask }, key) => mask.words.byteLength + 2 * key.length + 1,
    dispose: ({ mask }) => {
      this.#left = mask;
    },
  });

  /** The mask of a predicate, which is made where there is none. */
  find(predicate: Predicate, source: () => MaskSource): RowMask {
    const key = keyOf(predicate);
    const known = this.#masks.get(key);
    if (known) return known.now();
    const left = this.#left;
    this.#left = undefined;
    const followed = new FollowedMask(source(), left);
    this.#masks.set(key, followed);
    return followed.mask;
  }
}

function keyOf({ column, negated, ...accepted }: Predicate): string {
  const values =
    accepted.kind === 'text' ? accepted.values : accepted.ranges.map(({ low, high }) => `${low} to ${high}`);
  return JSON.stringify([accepted.kind, column, negated, ...values]);
}
