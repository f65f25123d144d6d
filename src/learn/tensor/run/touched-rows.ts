/**
 * Numbers the rows of a table that a batch touches, for `Scope.table`: ids of the table become numbers among the touched rows.
 */
export class TouchedRows {
  readonly #capacity: number;
  /** The number of a row among the touched ones, counted from 1; 0 for the others. */
  readonly #numbers: Int32Array;
  #touched: Int32Array;
  #count = 0;

  /** Up to `capacity` of the table's rows a batch, as many as the table was declared with. */
  constructor(rows: number, capacity: number) {
    this.#capacity = Math.min(rows, capacity);
    this.#numbers = new Int32Array(rows);
    this.#touched = new Int32Array(this.#capacity);
  }

  /** @throws RangeError if the batch touches more rows than there is room for, or one that the table does not have */
  number(ids: Int32Array): Int32Array {
    return ids.map((id) => {
      const known = this.#numbers[id];
      if (known === undefined) throw new RangeError(`The table of ${this.#numbers.length} rows has no row ${id}.`);
      if (known > 0) return known - 1;
      if (this.#count === this.#capacity) throw new RangeError(`A batch touches more than ${this.#capacity} rows.`);
      this.#touched[this.#count] = id;
      this.#count += 1;
      this.#numbers[id] = this.#count;
      return this.#count - 1;
    });
  }

  /** The touched rows, filled up with others, and how many they are; begins the next batch. */
  finish(): { readonly touched: Int32Array; readonly count: Int32Array } {
    const touched = this.#touched;
    const count = this.#count;
    let other = 0;
    for (let place = count; place < touched.length; place++) {
      while ((this.#numbers[other] ?? 0) > 0) other += 1;
      touched[place] = other++;
    }
    for (const id of touched.subarray(0, count)) this.#numbers[id] = 0;
    this.#touched = new Int32Array(this.#capacity);
    this.#count = 0;
    return { touched, count: Int32Array.of(count) };
  }
}
