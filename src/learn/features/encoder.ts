import type { Cell, Features, FittedColumn, Metadata } from './column.ts';
import { chainsOf } from './hierarchies.ts';
import { forEachTerm, slotCount } from './terms.ts';

/** The terms that count, of all columns. */
export type Terms = {
  readonly columns: readonly FittedColumn[];
  /** Their positions, ascending, and what their weights in a row are multiplied by. */
  readonly slots: Uint32Array;
  readonly rarities: Float32Array;
};

/** How metadata becomes features: made by `fitEncoder` from some metadata, and good for rows that come later. */
export type FeatureEncoder = Terms & {
  readonly width: number;
  /** terms × width, what terms become; absent where each is a feature itself. */
  readonly projection?: Float32Array | undefined;
};

/**
 * The terms of rows by their number among those that count. Within a column their weights are TF-IDF, (1 + ln n) ·
 * rarity, of length 1 together; a row of c columns is at most 1 long.
 */
export class TermReader {
  readonly #known: Terms;
  readonly #chained: (cells: readonly Cell[]) => readonly Cell[];
  /** The number of the term of a slot, counted from 1. */
  readonly #numbers = new Uint32Array(slotCount);
  readonly #sums: Float32Array;
  readonly #terms: Uint32Array;
  readonly #weights: Float32Array;
  #count = 0;

  constructor(known: Terms) {
    this.#known = known;
    this.#chained = chainsOf(known.columns) ?? ((cells) => cells);
    known.slots.forEach((slot, n) => {
      this.#numbers[slot] = n + 1;
    });
    this.#sums = new Float32Array(known.slots.length);
    this.#terms = new Uint32Array(known.slots.length);
    this.#weights = new Float32Array(known.slots.length);
  }

  /** What it gives is overwritten by the next call. */
  read(cells: readonly Cell[]): { readonly terms: Uint32Array; readonly weights: Float32Array } {
    this.#count = 0;
    const chained = this.#chained(cells);
    this.#known.columns.forEach((column, n) => {
      this.#readColumn(column, n, chained[n] ?? null);
    });
    return { terms: this.#terms.subarray(0, this.#count), weights: this.#weights.subarray(0, this.#count) };
  }

  #readColumn(column: FittedColumn, n: number, cell: Cell): void {
    const { columns, rarities } = this.#known;
    const begin = this.#count;
    forEachTerm(column, n, cell, (slot, weight) => {
      const term = this.#numbers[slot] - 1;
      if (term < 0 || weight === 0) return;
      const sum = this.#sums[term];
      if (sum === 0) this.#terms[this.#count++] = term;
      this.#sums[term] = sum + weight;
    });
    let squares = 0;
    for (let at = begin; at < this.#count; at++) {
      const term = this.#terms[at];
      const sum = this.#sums[term];
      const weight = (sum > 1 ? 1 + Math.log(sum) : sum) * rarities[term];
      this.#sums[term] = 0;
      this.#weights[at] = weight;
      squares += weight ** 2;
    }
    const scale = squares > 0 ? 1 / Math.sqrt(squares * columns.length) : 0;
    for (let at = begin; at < this.#count; at++) this.#weights[at] = this.#weights[at] * scale;
  }
}

/** The features of all rows, in shared memory. */
export async function encode(encoder: FeatureEncoder, metadata: Metadata): Promise<Features> {
  const { width } = encoder;
  const values = new Float32Array(new SharedArrayBuffer(4 * metadata.rowCount * width));
  const reader = new TermReader(encoder);
  let to = 0;
  for await (const cells of metadata.rows(1)) {
    writeFeatures(encoder, reader.read(cells), values.subarray(to, to + width));
    to += width;
  }
  return { width, values };
}

/** What makes features of one row after another. */
export function rowEncoder(encoder: FeatureEncoder): (cells: readonly Cell[]) => Float32Array {
  const reader = new TermReader(encoder);
  return (cells) => {
    const values = new Float32Array(encoder.width);
    writeFeatures(encoder, reader.read(cells), values);
    return values;
  };
}

function writeFeatures(
  { width, projection }: FeatureEncoder,
  { terms, weights }: ReturnType<TermReader['read']>,
  values: Float32Array,
): void {
  for (let at = 0; at < terms.length; at++) {
    const [term, weight] = [terms[at], weights[at]];
    if (projection === undefined) values[term] = weight;
    else for (let n = 0; n < width; n++) values[n] = values[n] + weight * projection[term * width + n];
  }
}
