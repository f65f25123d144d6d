import type { Csr } from './csr.ts';

/** Entries of a piece: rows are collected in arrays of about this size, not in one or two for each row. */
const pieceEntries = 1 << 20;

/** Collects a sparse matrix with values row by row. */
export class CsrBuilder {
  readonly #columns: number;
  readonly #offsets: Uint32Array;
  readonly #pieces: { readonly indices: Uint32Array; readonly values: Float32Array; used: number }[] = [];
  #rows = 0;

  constructor(rows: number, columns: number) {
    this.#columns = columns;
    this.#offsets = new Uint32Array(rows + 1);
  }

  /** The next row: columns, and a value for each. */
  add(indices: Uint32Array, values: Float32Array): void {
    let piece = this.#pieces.at(-1);
    if (!piece || piece.used + indices.length > piece.indices.length) {
      const size = Math.max(pieceEntries, indices.length);
      piece = { indices: new Uint32Array(size), values: new Float32Array(size), used: 0 };
      this.#pieces.push(piece);
    }
    piece.indices.set(indices, piece.used);
    piece.values.set(values, piece.used);
    piece.used += indices.length;
    this.#rows++;
    this.#offsets[this.#rows] = this.#offsets[this.#rows - 1] + indices.length;
  }

  /** The matrix, once every row was added. */
  build(): Required<Csr> {
    const rows = this.#offsets.length - 1;
    if (this.#rows !== rows) throw new Error(`${this.#rows} of ${rows} rows were added.`);
    const indices = new Uint32Array(this.#offsets[rows]);
    const values = new Float32Array(indices.length);
    let end = 0;
    for (let piece = this.#pieces.shift(); piece; piece = this.#pieces.shift()) {
      indices.set(piece.indices.subarray(0, piece.used), end);
      values.set(piece.values.subarray(0, piece.used), end);
      end += piece.used;
    }
    return { rows, columns: this.#columns, offsets: this.#offsets, indices, values };
  }
}
