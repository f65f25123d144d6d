import { setImmediate as letOthersRun } from 'node:timers/promises';
import { type Csr, transpose } from '../../kernels/csr.ts';
import { CsrBuilder } from '../../kernels/csr-builder.ts';
import { topK } from '../../kernels/top-k.ts';
import { VectorRanker } from '../../kernels/vector-ranker.ts';
import { logitsOf } from '../blend/blend.ts';
import type { SparseItemRows } from '../item-pairs/item-rows.ts';
import type { PairWeights } from './choose-weights.ts';
import { popularityWeights } from './popularity-discount.ts';
import { logPopularities, PairReader, pairFeatures, type Relations } from './relations.ts';

/** Related items kept of an item, and of all items together, at 8 bytes. */
const keptOfItem = 200;
const keptOfAll = 1e8;
/** Items with most interactions, among which an item is given more by its vector than its signals know. */
const bestKnown = 16_384;
/** Items with interactions beside which a new one may stand: those with the likest vectors. */
const besideNew = 50;
/**
 * What nobody had is never the most probable. So new items are given as much of the first ranks as they are of all
 * items, at most a tenth, beside the items that they are likest to. The bonus for that is found on so many items.
 */
const firstRanks = 10;
const mostNew = 0.1;
const sampled = 2000;
const restEvery = 128;

const popularityAt = pairFeatures.indexOf('popularity');

type Row = { readonly items: Uint32Array; readonly scores: Float32Array; readonly logits: Float32Array };

/** Puts items beside items. */
export class RelatedLists {
  readonly #relations: Relations;
  readonly #weights: PairWeights;
  readonly #discount: number;
  readonly #reader: PairReader;
  readonly #popularities: Float32Array;
  readonly #kept: number;
  readonly #known: number;
  readonly #ranker: VectorRanker;
  readonly #newBeside: Csr;

  constructor(relations: Relations, weights: PairWeights, discount: number) {
    const { counts, vectors } = relations;
    this.#relations = relations;
    this.#weights = weights;
    this.#discount = discount;
    this.#reader = new PairReader(relations);
    this.#popularities = logPopularities(counts);
    this.#kept = Math.ceil(Math.min(keptOfItem, keptOfAll / Math.max(counts.length, 1)));
    this.#known = Math.min(bestKnown, counts.filter((count) => count > 0).length);
    this.#ranker = new VectorRanker(vectors.values.subarray(0, this.#known * vectors.width), vectors.width);
    this.#newBeside = this.#putNewBeside();
  }

  /**
   * For each item the others that are best beside it under the discount, with their logits less the part of popularity:
   * those of its signals; others by their vectors, where these are few; and new items.
   */
  async all(report: (fraction: number) => void, signal: AbortSignal): Promise<SparseItemRows> {
    const { counts } = this.#relations;
    const bonus = this.#newItemBonus();
    const rows = new CsrBuilder(counts.length, counts.length);
    for (let item = 0; item < counts.length; item++) {
      const { items, scores, logits } = this.#row(item, bonus);
      const best = topK(logits, this.#kept);
      rows.add(
        best.map((n) => items[n]),
        Float32Array.from(best, (n) => scores[n]),
      );
      if (item % restEvery === 0) {
        report(item / counts.length);
        await letOthersRun();
        signal.throwIfAborted();
      }
    }
    return rows.build();
  }

  #row(item: number, bonus: number): Row {
    const { counts } = this.#relations;
    const isTried = counts[item] > 0;
    const weights = isTried ? this.#weights.warm : this.#weights.cold;
    const popularity = popularityWeights(weights, isTried, this.#discount);
    const items = this.#candidates(item, weights, popularity);
    const features = new Float32Array(items.length * pairFeatures.length);
    this.#reader.read(items, features);
    const scores = Float32Array.from(logitsOf(features, weights.with(popularityAt, 0)));
    items.forEach((other, n) => {
      if (isTried && counts[other] === 0) scores[n] += bonus;
    });
    return { items, scores, logits: scores.map((score, n) => score + popularity * this.#popularities[items[n]]) };
  }

  #candidates(item: number, weights: readonly number[], popularity: number): Uint32Array {
    const found = new Set(this.#reader.begin(item));
    const vector = this.#vector(item);
    if (found.size < this.#kept && vector.some((value) => value !== 0)) {
      const weighted = vector.map((value) => weights[0] * value);
      for (const other of this.#nearest(weighted, popularity, this.#kept)) found.add(other);
    }
    const { offsets, indices } = this.#newBeside;
    for (let at = offsets[item]; at < offsets[item + 1]; at++) found.add(indices[at]);
    found.delete(item);
    return Uint32Array.from(found);
  }

  #vector(item: number): Float32Array {
    const { width, values } = this.#relations.vectors;
    return values.subarray(item * width, (item + 1) * width);
  }

  /** Of the items with most interactions. */
  #nearest(vector: Float32Array, popularity: number, most: number): Uint32Array {
    const begin = (starts: Float32Array) => {
      for (let other = 0; other < this.#known; other++) starts[other] = popularity * this.#popularities[other];
    };
    const [{ rows }] = this.#ranker.rank([{ vector, begin }], most, { summing: false });
    return rows;
  }

  /** For each item with interactions, the new ones to which it is among the likest. */
  #putNewBeside(): Csr {
    const { counts } = this.#relations;
    const rows = new CsrBuilder(counts.length, counts.length);
    for (let item = 0; item < counts.length; item++) {
      const vector = this.#vector(item);
      const isNew = counts[item] === 0 && vector.some((value) => value !== 0);
      const best = isNew ? this.#nearest(vector, 0, besideNew) : new Uint32Array();
      rows.add(best, new Float32Array(best.length));
    }
    return transpose(rows.build());
  }

  /** What is added to the logit of new items beside others. */
  #newItemBonus(): number {
    const { counts } = this.#relations;
    const asked = this.#askedAbout();
    const lacking: number[] = [];
    for (const item of asked) {
      const { items, logits } = this.#row(item, 0);
      const others = logits.filter((_, n) => counts[items[n]] > 0);
      const [last] = topK(others, firstRanks).subarray(-1);
      if (others.length < firstRanks) continue;
      items.forEach((other, n) => {
        if (counts[other] === 0) lacking.push(others[last] - logits[n]);
      });
    }
    const share = Math.min(mostNew, counts.filter((count) => count === 0).length / counts.length);
    const wanted = Math.round(share * firstRanks * asked.length);
    if (wanted === 0 || lacking.length === 0) return 0;
    const ascending = Float64Array.from(lacking).sort();
    return Math.max(0, ascending[Math.min(wanted, ascending.length) - 1]);
  }

  /** Items as often as they are asked about, which is taken to be as often as they have interactions. */
  #askedAbout(): Uint32Array {
    const { counts } = this.#relations;
    const step = counts.reduce((sum, count) => sum + count, 0) / sampled;
    const asked: number[] = [];
    let passed = 0;
    counts.forEach((count, item) => {
      passed += count;
      while (asked.length < passed / step) asked.push(item);
    });
    return Uint32Array.from(asked);
  }
}
