import type { Rows } from '../../data/views/attributes/columns.ts';
import type { RowOrder } from './followed-mask.ts';
import { KeptMasks } from './kept-masks.ts';
import type { Predicate } from './predicate.ts';
import { columnOf, masksOf, retain, rowTest } from './retain.ts';
import { RowMask } from './row-mask.ts';

/** The rows that meet predicates, in some order of the rows. */
export interface PredicateRows extends RowOrder {
  /** Removes the rows that do not meet a predicate. */
  retain(mask: RowMask, predicate: Predicate): void;
}

/** Looks at every row for each predicate. */
export const everyRow = (rows: Rows): PredicateRows => ({
  get count() {
    return rows.count;
  },
  positionOf: (row) => row,
  retain: (mask, predicate) => retain(mask, predicate, rows),
});

/**
 * Keeps the rows of each predicate that requests have asked for lately: a shop's requests repeat a few categories and
 * prices. They are kept up with changes of the rows.
 */
export class PredicateMasks implements PredicateRows {
  readonly #rows: Rows;
  readonly #kept = new KeptMasks();

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  get count(): number {
    return this.#rows.count;
  }

  positionOf(row: number): number {
    return row;
  }

  retain(mask: RowMask, predicate: Predicate): void {
    if (this.#hasMasks(predicate)) retain(mask, predicate, this.#rows);
    else mask.retainAll(this.maskOf(predicate));
  }

  /** The rows that meet a predicate. */
  maskOf(predicate: Predicate): RowMask {
    return this.#kept.find(predicate, () => ({
      rows: this.#rows,
      order: this,
      make: (left) => {
        const mask = (left?.size === this.count ? left : new RowMask(this.count)).fill();
        retain(mask, predicate, this.#rows);
        return mask;
      },
      test: () => rowTest(predicate, this.#rows),
    }));
  }

  /** Whether the column itself has masks for the values, so that these need none of their own. */
  #hasMasks(predicate: Predicate): boolean {
    const column = columnOf(this.#rows, predicate);
    return predicate.kind === 'text' && column?.kind === 'text' && masksOf(column, predicate.values) !== undefined;
  }
}
