import { topK } from '../../kernels/top-k.ts';

/** One row at a time: sums over all columns, of which few are touched. */
export class DenseRow {
  readonly #sums: Float32Array;
  readonly #touched: Uint32Array;
  readonly #values: Float32Array;
  #count = 0;

  constructor(columns: number) {
    this.#sums = new Float32Array(columns);
    this.#touched = new Uint32Array(columns);
    this.#values = new Float32Array(columns);
  }

  add(column: number, amount: number): void {
    const sum = this.#sums[column];
    if (sum === 0) this.#touched[this.#count++] = column;
    this.#sums[column] = sum + amount;
  }

  /** The columns of the `most` greatest values, best first, ties by which was touched first. Sums begin again. */
  take(most: number, worthOf: (column: number, sum: number) => number): { indices: Uint32Array; values: Float32Array } {
    const touched = this.#touched.subarray(0, this.#count);
    const values = this.#values.subarray(0, this.#count);
    for (let n = 0; n < touched.length; n++) {
      const column = touched[n];
      values[n] = worthOf(column, this.#sums[column]);
      this.#sums[column] = 0;
    }
    this.#count = 0;
    const indices = topK(values, most);
    const best = new Float32Array(indices.length);
    for (let n = 0; n < indices.length; n++) {
      best[n] = values[indices[n]];
      indices[n] = touched[indices[n]];
    }
    return { indices, values: best };
  }
}
