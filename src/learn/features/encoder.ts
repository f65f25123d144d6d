import type { Cell, FeatureColumn, Features, Metadata } from './column.ts';
import type { Knots } from './knots.ts';
import { forEachTerm, places } from './terms.ts';

/** How metadata becomes features: made by `fitEncoder` from some metadata, and good for rows that come later. */
export type FeatureEncoder = {
  readonly columns: readonly FeatureColumn[];
  /** Of each column; of those that are not numeric there is none. */
  readonly knots: readonly (Knots | undefined)[];
  /** Places of the terms that count, ascending, and what their weights in a row are multiplied by. */
  readonly terms: Uint32Array;
  readonly rarities: Float32Array;
  readonly width: number;
  /** terms × width, what terms become; absent where each is a feature itself. */
  readonly projection?: Float32Array;
};

/** Seldom more than what a model learns from; a text of thousands of words has more terms. */
type Row = { readonly terms: Uint32Array; readonly weights: Float32Array; count: number };

/**
 * The terms of rows by their number among those that count. Within a column their weights are TF-IDF, (1 + ln n) · rarity, of length 1
 * together; a row of c columns is at most 1 long.
 */
export class TermReader {
  readonly #encoder: Omit<FeatureEncoder, 'width' | 'projection'>;
  /** The number of the term of a place, counted from 1. */
  readonly #numbers = new Uint32Array(places);
  readonly #sums: Float32Array;
  readonly #row: Row;

  constructor(encoder: Omit<FeatureEncoder, 'width' | 'projection'>) {
    const { terms } = encoder;
    this.#encoder = encoder;
    terms.forEach((place, n) => {
      this.#numbers[place] = n + 1;
    });
    this.#sums = new Float32Array(terms.length);
    this.#row = { terms: new Uint32Array(terms.length), weights: new Float32Array(terms.length), count: 0 };
  }

  /** What it gives is overwritten by the next call. */
  read(cells: readonly Cell[]): { readonly terms: Uint32Array; readonly weights: Float32Array } {
    const row = this.#row;
    row.count = 0;
    this.#encoder.columns.forEach((column, n) => {
      this.#readColumn(column, n, cells[n] ?? null);
    });
    return { terms: row.terms.subarray(0, row.count), weights: row.weights.subarray(0, row.count) };
  }

  #readColumn(column: FeatureColumn, n: number, cell: Cell): void {
    const { columns, knots, rarities } = this.#encoder;
    const row = this.#row;
    const begin = row.count;
    forEachTerm(column, n, cell, knots[n], (place, weight) => {
      const term = (this.#numbers[place] ?? 0) - 1;
      if (term < 0 || weight === 0) return;
      const sum = this.#sums[term] ?? 0;
      if (sum === 0) row.terms[row.count++] = term;
      this.#sums[term] = sum + weight;
    });
    let squares = 0;
    for (let at = begin; at < row.count; at++) {
      const term = row.terms[at] ?? 0;
      const sum = this.#sums[term] ?? 0;
      const weight = (sum > 1 ? 1 + Math.log(sum) : sum) * (rarities[term] ?? 0);
      this.#sums[term] = 0;
      row.weights[at] = weight;
      squares += weight ** 2;
    }
    const scale = squares > 0 ? 1 / Math.sqrt(squares * columns.length) : 0;
    for (let at = begin; at < row.count; at++) row.weights[at] = (row.weights[at] ?? 0) * scale;
  }
}

/** The features of all rows, in shared memory. */
export async function encode(encoder: FeatureEncoder, metadata: Metadata): Promise<Features> {
  const { width, projection } = encoder;
  const values = new Float32Array(new SharedArrayBuffer(4 * metadata.rowCount * width));
  const reader = new TermReader(encoder);
  let to = 0;
  for await (const cells of metadata.rows(1)) {
    const { terms, weights } = reader.read(cells);
    terms.forEach((term, at) => {
      const weight = weights[at] ?? 0;
      if (projection === undefined) values[to + term] = weight;
      else
        for (let n = 0; n < width; n++)
          values[to + n] = (values[to + n] ?? 0) + weight * (projection[term * width + n] ?? 0);
    });
    to += width;
  }
  return { width, values };
}
