import type { Csr } from '../../kernels/csr.ts';
import { topK } from '../../kernels/top-k.ts';
import { logitsOf } from '../blend/blend.ts';
import type { PairWeights } from './choose-weights.ts';
import type { NearestItems } from './nearest-items.ts';
import { popularityWeights } from './popularity-discount.ts';
import { PairReader, popularityAt, type Relations } from './relations.ts';

export type RelatedRowsTask = {
  readonly relations: Relations;
  readonly weights: PairWeights;
  readonly discount: number;
  /** Related items kept of an item. */
  readonly kept: number;
  /** For each item the new ones that may stand beside it. */
  readonly newBeside: Pick<Csr, 'offsets' | 'indices'>;
};

export type RelatedRow = { readonly items: Uint32Array; readonly scores: Float32Array; readonly logits: Float32Array };

/** Scores what may stand beside an item, one item at a time. */
export class RelatedRows {
  readonly #task: RelatedRowsTask;
  readonly #nearest: NearestItems;
  readonly #reader: PairReader;

  constructor(task: RelatedRowsTask, nearest: NearestItems) {
    this.#task = task;
    this.#nearest = nearest;
    this.#reader = new PairReader(task.relations);
  }

  /**
   * The others that are best beside an item under the discount, with their logits less the part of popularity: those
   * of its signals; others by their vectors, where these are few; and new items.
   * @param bonus added to the logit of new items beside others
   */
  best(item: number, bonus: number): { readonly indices: Uint32Array; readonly values: Float32Array } {
    const { items, scores, logits } = this.row(item, bonus);
    const best = topK(logits, this.#task.kept);
    const values = new Float32Array(best.length);
    for (let n = 0; n < best.length; n++) {
      values[n] = scores[best[n]];
      best[n] = items[best[n]];
    }
    return { indices: best, values };
  }

  /** All of them, in no order. */
  row(item: number, bonus: number): RelatedRow {
    const { relations, weights, discount } = this.#task;
    const { counts, popularities } = relations;
    const isTried = counts[item] > 0;
    const own = isTried ? weights.warm : weights.cold;
    const popularity = popularityWeights(own, isTried, discount);
    const items = this.#candidates(item, own, popularity);
    const features = new Float32Array(items.length * own.length);
    this.#reader.read(items, features);
    const scores = new Float32Array(logitsOf(features, own.with(popularityAt(own.length), 0)));
    const logits = new Float32Array(items.length);
    for (let n = 0; n < items.length; n++) {
      if (isTried && counts[items[n]] === 0) scores[n] += bonus;
      logits[n] = scores[n] + popularity * popularities[items[n]];
    }
    return { items, scores, logits };
  }

  #candidates(item: number, weights: readonly number[], popularity: number): Uint32Array {
    const { kept, newBeside } = this.#task;
    const found = new Set(this.#reader.begin(item));
    const vector = this.#nearest.vectorOf(item);
    // Without a weight the nearest would be the most popular, which follow anyway.
    if (found.size < kept && weights[0] > 0 && vector.some((value) => value !== 0)) {
      const weighted = vector.map((value) => weights[0] * value);
      for (const other of this.#nearest.find(weighted, popularity, kept)) found.add(other);
    }
    const { offsets, indices } = newBeside;
    for (let at = offsets[item]; at < offsets[item + 1]; at++) found.add(indices[at]);
    found.delete(item);
    return Uint32Array.from(found);
  }
}
