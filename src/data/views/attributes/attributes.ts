import type { RowChanges, Rows } from './columns.ts';

/**
 * What is said of the items, users or actions of a dataset: a row for each, and the columns that something reads.
 *
 * Rows are never moved or removed. One may lack every value: that of an item which the dataset has no record of.
 */
export interface Attributes extends Rows {
  readonly changes: RowChanges;
  /** -1 for an id that has no row. */
  rowOf(id: string): number;
  /** The row of an id, which gets an empty one if it has none. */
  addRow(id: string): number;
  /** @throws RangeError if there is no such row */
  id(row: number): string;
  /** A cell as the dataset's file or the record had it; numbers as decimals. Undefined where there is no value. */
  textAt(row: number, column: string): string | undefined;
}
