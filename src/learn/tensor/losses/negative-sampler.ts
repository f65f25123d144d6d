import { seedOf, uniforms } from '../random.ts';

export type NegativeSamplerOptions = {
  readonly classes: number;
  /** Drawn evenly from all classes, in each batch. */
  readonly uniform: number;
  /** At most that many of the batch's targets, the same for all tokens; 0 unless given. */
  readonly inBatch?: number;
  /** How often each class is a target; needed for targets of the batch. */
  readonly counts?: ArrayLike<number>;
  readonly seed: number;
};

/** What `sampledSoftmax` is fed. */
export type Negatives = {
  readonly negatives: Int32Array;
  readonly logCounts: Float32Array;
  readonly hits: Int32Array;
};

/**
 * Draws the negatives of a batch, all different: some of its own targets, the rest evenly from the other classes. A class
 * with the share p of all targets is among n of them with probability 1 − (1 − p)ⁿ, of which the given number of the
 * batch's different targets is kept; evenly drawn ones add their chance. That is what logQ corrects.
 */
export class NegativeSampler {
  readonly size: number;
  readonly #options: Required<Omit<NegativeSamplerOptions, 'counts'>>;
  readonly #logMissed: Float64Array | undefined;
  /** The place of a class among the negatives, counted from 1; 0 for all between two draws. */
  readonly #places: Int32Array;

  /** @throws RangeError if more negatives are asked for than there are classes, or targets of the batch without counts */
  constructor({ classes, uniform, inBatch = 0, counts, seed }: NegativeSamplerOptions) {
    this.size = uniform + inBatch;
    if (this.size > classes) throw new RangeError(`${this.size} negatives are more than the ${classes} classes.`);
    if (inBatch > 0 && counts?.length !== classes)
      throw new RangeError('Negatives of the batch need a count per class.');
    this.#options = { classes, uniform, inBatch, seed };
    this.#places = new Int32Array(classes);
    this.#logMissed = counts && logMissed(counts);
  }

  /** Negatives for the targets of non-zero weight; the same for the same seed, step and targets. */
  draw(targets: Int32Array, weights: Float32Array, step: number): Negatives {
    const { classes, inBatch, seed } = this.#options;
    const random = uniforms(seedOf(seed, 'negatives', step));
    const negatives = new Int32Array(this.size);
    let taken = 0;
    const take = (id: number) => {
      negatives[taken] = id;
      taken += 1;
      this.#places[id] = taken;
    };
    const own = inBatch > 0 ? distinct(targets, weights) : new Int32Array(0);
    for (const id of chosen(own, inBatch, random)) take(id);
    const fromBatch = taken;
    while (taken < this.size) {
      const id = Math.floor(random() * classes);
      if (this.#places[id] === 0) take(id);
    }
    const hits = targets.map((id) => this.#places[id] ?? 0);
    for (const id of negatives) this.#places[id] = 0;
    const tokens = weights.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0);
    const kept = own.length === 0 ? 0 : fromBatch / own.length;
    const even = (this.size - fromBatch) / (classes - fromBatch);
    return { negatives, hits, logCounts: this.#logCounts(negatives, { tokens, kept, even }) };
  }

  #logCounts(negatives: Int32Array, batch: { tokens: number; kept: number; even: number }): Float32Array {
    return Float32Array.from(negatives, (id) => {
      const inBatch = batch.kept * -Math.expm1(batch.tokens * (this.#logMissed?.[id] ?? 0));
      return Math.log(inBatch + (1 - inBatch) * batch.even);
    });
  }
}

/** ln (1 − p) of each class with the share p of all targets. A class of none counts as half a one. */
function logMissed(counts: ArrayLike<number>): Float64Array {
  const known = Float64Array.from(counts, (count) => Math.max(count, 0.5));
  const total = known.reduce((sum, count) => sum + count, 0);
  return known.map((count) => Math.log1p(-Math.min(count / total, 1 - 1e-9)));
}

function distinct(targets: Int32Array, weights: Float32Array): Int32Array {
  return Int32Array.from(new Set(targets.filter((_, token) => (weights[token] ?? 0) > 0)));
}

/** `count` of the ids without replacement, all if there are fewer. */
function chosen(ids: Int32Array, count: number, random: () => number): Int32Array {
  for (let n = 0; n < Math.min(count, ids.length); n++) {
    const other = n + Math.floor(random() * (ids.length - n));
    const id = ids[other] ?? 0;
    ids[other] = ids[n] ?? 0;
    ids[n] = id;
  }
  return ids.subarray(0, count);
}
