import { shareFloat32, shareUint32 } from '../../kernels/csr.ts';
import type { SparseItemRows } from '../item-pairs/item-rows.ts';
import type { ItemVectors } from './item-vectors.ts';
import { logSignal, type PairSignals } from './pair-signals.ts';

/** What is known of items and of their pairs. */
export type Relations = {
  readonly signals: PairSignals;
  readonly vectors: ItemVectors;
  /** Interactions of each item. */
  readonly counts: Uint32Array;
  /** How popular each item is, as `logPopularities` has it. */
  readonly popularities: Float32Array;
};

/** The same over shared memory. */
export function shareRelations({ signals, vectors, counts, popularities }: Relations): Relations {
  return {
    signals: Object.fromEntries(Object.entries(signals).map(([name, rows]) => [name, shareRows(rows)])),
    vectors: { width: vectors.width, values: shareFloat32(vectors.values) },
    counts: shareUint32(counts),
    popularities: shareFloat32(popularities),
  };
}

const shareRows = ({ offsets, indices, values }: SparseItemRows): SparseItemRows => ({
  offsets: shareUint32(offsets),
  indices: shareUint32(indices),
  values: shareFloat32(values),
});

/**
 * What the logit of a pair is made of, in this order: the product of the vectors, the signals, and how popular the
 * other item is; where that has no interactions, so that it can be in no signal, 1 and the product once more.
 */
export const pairFeatures = (signals: PairSignals): readonly string[] => [
  'vectors',
  ...Object.keys(signals),
  'popularity',
  'new',
  'newVectors',
];

/** Where popularity is among as many features. */
export const popularityAt = (features: number): number => features - 3;

/** How many times as many interactions an item has as the mean of those with any, as a logarithm; 0 for one without. */
export function logPopularities(counts: Uint32Array | Float32Array): Float32Array {
  const tried = Float64Array.from(counts).filter((count) => count > 0);
  const mean = tried.reduce((sum, count) => sum + count, 0) / Math.max(tried.length, 1);
  return Float32Array.from(counts, (count) => (count > 0 ? Math.log(count / mean) : 0));
}

/** Reads the features of pairs, of one item and others at a time. Items without interactions are in no signal. */
export class PairReader {
  readonly #relations: Relations;
  readonly #rows: readonly SparseItemRows[];
  /** A row for each signal, of all items: zeros but for the item that is read. */
  readonly #signals: readonly Float32Array[];
  readonly #touched: Uint32Array;
  #touchedCount = 0;
  #item = -1;

  constructor(relations: Relations) {
    const items = relations.counts.length;
    this.#relations = relations;
    this.#rows = Object.values(relations.signals);
    this.#signals = this.#rows.map(() => new Float32Array(items));
    this.#touched = new Uint32Array(items);
  }

  /** The item whose pairs are read from here on. @returns the others that are in its signals */
  begin(item: number): Uint32Array {
    const { counts } = this.#relations;
    for (const values of this.#signals) {
      for (let n = 0; n < this.#touchedCount; n++) values[this.#touched[n]] = 0;
    }
    this.#item = item;
    this.#touchedCount = 0;
    if (counts[item] === 0) return this.#touched.subarray(0, 0);
    this.#rows.forEach(({ offsets, indices, values }, n) => {
      for (let at = offsets[item]; at < offsets[item + 1]; at++) {
        const other = indices[at];
        if (counts[other] === 0) continue;
        if (this.#signals.every((each) => each[other] === 0)) this.#touched[this.#touchedCount++] = other;
        this.#signals[n][other] = logSignal(values[at]);
      }
    });
    return this.#touched.subarray(0, this.#touchedCount);
  }

  /** Writes the features of the item with others, a row for each. */
  read(others: Uint32Array, into: Float32Array): void {
    const { counts, vectors, popularities } = this.#relations;
    const signals = this.#signals;
    const width = signals.length + 4;
    const at = popularityAt(width);
    for (let n = 0, row = 0; n < others.length; n++, row += width) {
      const other = others[n];
      const product = productOf(vectors, this.#item, other);
      const isNew = counts[other] === 0;
      into[row] = product;
      for (let k = 0; k < signals.length; k++) into[row + 1 + k] = signals[k][other];
      into[row + at] = popularities[other];
      into[row + at + 1] = isNew ? 1 : 0;
      into[row + at + 2] = isNew ? product : 0;
    }
  }
}

/** In four sums, so that an addition need not wait for the one before. */
function productOf({ width, values }: ItemVectors, one: number, other: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let at = one * width;
  let beside = other * width;
  const end = at + width;
  for (; at + 3 < end; at += 4, beside += 4) {
    a += values[at] * values[beside];
    b += values[at + 1] * values[beside + 1];
    c += values[at + 2] * values[beside + 2];
    d += values[at + 3] * values[beside + 3];
  }
  for (; at < end; at++, beside++) a += values[at] * values[beside];
  return a + b + (c + d);
}
