/** Which records of a dataset count: of those with one id the last. */
export class NewestRecords {
  /** How many records there are. */
  readonly count: number;
  readonly #rowOf: Uint32Array;
  /** By row: its newest record + 1. */
  readonly #newest: Uint32Array;

  /** @param rows how many rows there can be */
  constructor(count: number, rows: number) {
    this.count = count;
    this.#rowOf = new Uint32Array(count);
    this.#newest = new Uint32Array(rows);
  }

  /** Takes in a record, in any order. */
  add(record: number, row: number): void {
    this.#rowOf[record] = row;
    this.#newest[row] = Math.max(this.#newest[row], record + 1);
  }

  /** The row that is to have a record; -1 for one that a newer one has replaced. */
  rowOf(record: number): number {
    const row = this.#rowOf[record];
    return this.#newest[row] === record + 1 ? row : -1;
  }
}
