/** Stands for no row in a list of touched rows. */
const nothing = -1;

/**
 * Numbers the rows of a table that a batch touches, for `Scope.table`: ids of the table become numbers among the
 * touched rows.
 */
export class TouchedRows {
  /** The number of a row among the touched ones, counted from 1; 0 for the others. */
  readonly #numbers: Int32Array;
  readonly #capacity: number;
  #touched: Int32Array;
  #count = 0;

  /** Up to `capacity` of the table's rows a batch, as many as the table was declared with. */
  constructor(rows: number, capacity: number) {
    this.#capacity = Math.min(rows, capacity);
    this.#numbers = new Int32Array(rows);
    this.#touched = new Int32Array(this.#capacity).fill(nothing);
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

  /** The touched rows, filled up with −1, to be fed as `<table>.touched`; begins the next batch. */
  finish(): Int32Array {
    const touched = this.#touched;
    for (const id of touched.subarray(0, this.#count)) this.#numbers[id] = 0;
    this.#touched = new Int32Array(this.#capacity).fill(nothing);
    this.#count = 0;
    return touched;
  }
}

/** Copies rows [touched, width] to the rows of a table that `touched` names. */
export function writeRows(table: Float32Array, touched: Int32Array, rows: Float32Array): void {
  const width = rows.length / touched.length;
  for (let number = 0; number < touched.length; number++) {
    const id = touched[number] ?? nothing;
    if (id < 0) continue;
    let from = number * width;
    let to = id * width;
    for (const end = to + width; to < end; to++) table[to] = rows[from++];
  }
}
