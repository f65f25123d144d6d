import type { Rows } from '../../data/views/attributes/columns.ts';
import type { ItemMask } from '../../learn/model/item-mask.ts';
import { KeptMasks } from './kept-masks.ts';
import type { Predicate } from './predicate.ts';
import { columnOf, masksOf, retain } from './retain.ts';
import { RowMask } from './row-mask.ts';

/** The rows that meet predicates, in some order of the rows. */
export interface PredicateRows {
  /** How many rows there are. */
  readonly count: number;
  /** Removes the rows that do not meet a predicate. */
  retain(mask: RowMask, predicate: Predicate): void;
}

/** Looks at every row for each predicate. */
export const everyRow = (rows: Rows): PredicateRows => ({
  get count() {
    return rows.count;
  },
  retain: (mask, predicate) => retain(mask, predicate, rows),
});

/**
 * Keeps the rows of each predicate that requests have asked for lately: a shop's requests repeat a few categories and
 * prices. For one state of the columns.
 */
export class PredicateMasks implements PredicateRows {
  readonly #rows: Rows;
  readonly #kept = new KeptMasks<RowMask>();

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  get count(): number {
    return this.#rows.count;
  }

  retain(mask: RowMask, predicate: Predicate): void {
    if (this.#hasMasks(predicate)) retain(mask, predicate, this.#rows);
    else mask.retainAll(this.maskOf(predicate));
  }

  /** The rows that meet a predicate. */
  maskOf(predicate: Predicate): ItemMask {
    return this.#kept.find(predicate, (left) => {
      const mask = (left ?? new RowMask(this.count)).fill();
      retain(mask, predicate, this.#rows);
      return mask;
    });
  }

  /** Whether the column itself has masks for the values, so that these need none of their own. */
  #hasMasks(predicate: Predicate): boolean {
    const column = columnOf(this.#rows, predicate);
    return predicate.kind === 'text' && column?.kind === 'text' && masksOf(column, predicate.values) !== undefined;
  }
}
