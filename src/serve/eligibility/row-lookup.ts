import type { Attributes } from '../../data/views/attributes/attributes.ts';

/**
 * The rows of things that have indexes of their own, such as the items of a view on events. An id is looked up once,
 * and again as long as it has no row and others have come.
 */
export class RowLookup {
  readonly #attributes: Attributes;
  readonly #idOf: (index: number) => string;
  /** By index: a row + 1, 0 where nothing was looked up, or where no row was found −1 − the number of rows then. */
  #known = new Int32Array(64);
  /** The first so many indexes were looked up when there were so many rows. */
  #looked = 0;
  #rowCount = 0;

  /** @param idOf the id of each index, for good */
  constructor(attributes: Attributes, idOf: (index: number) => string) {
    this.#attributes = attributes;
    this.#idOf = idOf;
  }

  /** −1 where there is no row. */
  rowOf(index: number): number {
    if (index >= this.#known.length) this.#grow(index + 1);
    const known = this.#known[index];
    if (known > 0) return known - 1;
    const { count } = this.#attributes;
    if (known === -1 - count) return -1;
    const row = this.#attributes.rowOf(this.#idOf(index));
    this.#known[index] = row < 0 ? -1 - count : row + 1;
    return row;
  }

  /** By index, a row + 1, for the first `count` indexes; what is not above 0 has none. It holds until the next look. */
  rows(count: number): Int32Array {
    if (count > this.#known.length) this.#grow(count);
    const rowCount = this.#attributes.count;
    const from = rowCount === this.#rowCount ? this.#looked : 0;
    for (let index = from; index < count; index++) if (this.#known[index] <= 0) this.rowOf(index);
    this.#rowCount = rowCount;
    this.#looked = Math.max(from, count);
    return this.#known;
  }

  #grow(least: number): void {
    const known = new Int32Array(Math.max(least, 2 * this.#known.length));
    known.set(this.#known);
    this.#known = known;
  }
}
