import { LRUCache } from 'lru-cache';
import type { Rows } from '../../data/views/attributes/columns.ts';
import type { Predicate } from './predicate.ts';
import { columnOf, masksOf, retain } from './retain.ts';
import { RowMask } from './row-mask.ts';

/** For all filters on the same rows: 250 predicates on a million of them. */
const mostBytes = 2 ** 25;

/**
 * The rows that meet each predicate, for those that requests have asked for lately: a shop's requests repeat a few
 * categories and prices. For one state of the columns.
 */
export class PredicateMasks {
  readonly #rows: Rows;
  readonly #masks = new LRUCache<string, RowMask>({
    maxSize: mostBytes,
    sizeCalculation: ({ words }, key) => words.byteLength + 2 * key.length + 1,
  });

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  /** Removes the rows that do not meet a predicate. */
  retain(mask: RowMask, predicate: Predicate): void {
    if (this.#hasMasks(predicate)) retain(mask, predicate, this.#rows);
    else mask.retainAll(this.#maskOf(predicate));
  }

  #maskOf(predicate: Predicate): RowMask {
    const key = keyOf(predicate);
    const known = this.#masks.get(key);
    if (known) return known;
    const mask = new RowMask(this.#rows.count).fill();
    retain(mask, predicate, this.#rows);
    this.#masks.set(key, mask);
    return mask;
  }

  /** Whether the column itself has masks for the values, so that these need none of their own. */
  #hasMasks(predicate: Predicate): boolean {
    const column = columnOf(this.#rows, predicate);
    return predicate.kind === 'text' && column?.kind === 'text' && masksOf(column, predicate.values) !== undefined;
  }
}

function keyOf({ column, negated, ...accepted }: Predicate): string {
  const values =
    accepted.kind === 'text' ? accepted.values : accepted.ranges.map(({ low, high }) => `${low} to ${high}`);
  return JSON.stringify([accepted.kind, column, negated, ...values]);
}
