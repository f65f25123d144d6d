import { instantiateKernels, type Kernels, kernelModule, MemoryPlan } from './wasm.ts';

export type NegativeSamplerOptions = {
  readonly classes: number;
  /** Targets of a batch, padding included: at most that many. */
  readonly tokens: number;
  /** Drawn evenly from all classes, in each batch. */
  readonly uniform: number;
  /** At most that many of the batch's targets, the same for all tokens; 0 unless given. */
  readonly inBatch?: number;
  /** How often each class is a target; needed for targets of the batch. */
  readonly counts?: ArrayLike<number>;
};

/** What a sampled softmax is fed. */
export type Negatives = {
  /** All different, shared by all tokens. */
  readonly negatives: Int32Array;
  /** Of each negative: the logarithm of how often its class is drawn on average in a batch (logQ). */
  readonly logCounts: Float32Array;
  /** Of each target: its position among the negatives, counted from 1, and 0 where it is not there. */
  readonly hits: Int32Array;
};

/**
 * Draws the negatives of a batch, all different: some of its own targets, the rest evenly from the other classes. A
 * class with the share p of all targets is among n of them with probability 1 − (1 − p)ⁿ, of which the given number of
 * the batch's different targets is kept; evenly drawn ones add their chance. That is what logQ corrects. Calls are
 * synchronous; an instance belongs to one thread and holds 4 bytes for each class, 12 with counts.
 */
export class NegativeSampler {
  readonly #classes: number;
  readonly #inBatch: number;
  readonly #kernels: Kernels;
  readonly #at: ReturnType<typeof planDraws>['addresses'];
  readonly #targets: Int32Array;
  readonly #weights: Float32Array;
  readonly #negatives: Int32Array;
  readonly #logCounts: Float32Array;
  readonly #hits: Int32Array;

  /**
   * @throws RangeError if more negatives are asked for than there are classes, or targets of the batch without counts
   */
  constructor({ classes, tokens, uniform, inBatch = 0, counts }: NegativeSamplerOptions) {
    const size = uniform + inBatch;
    if (size > classes) throw new RangeError(`${size} negatives are more than the ${classes} classes.`);
    if (inBatch > 0 && counts?.length !== classes)
      throw new RangeError('Negatives of the batch need a count per class.');
    const known = inBatch > 0 && counts ? counts : [];
    const { addresses, memory } = planDraws({ classes, tokens, size, counts: known.length });
    const { buffer } = memory;
    this.#classes = classes;
    this.#inBatch = inBatch;
    this.#at = addresses;
    this.#kernels = instantiateKernels(kernelModule('own'), memory);
    this.#targets = new Int32Array(buffer, addresses.targets, tokens);
    this.#weights = new Float32Array(buffer, addresses.weights, tokens);
    this.#negatives = new Int32Array(buffer, addresses.negatives, size);
    this.#logCounts = new Float32Array(buffer, addresses.logCounts, size);
    this.#hits = new Int32Array(buffer, addresses.hits, tokens);
    new Float64Array(buffer, addresses.logMissed, known.length).set(known);
    this.#kernels.logsOfMissing(addresses.logMissed, known.length);
  }

  /**
   * Negatives for the targets of non-zero weight; the same for the same seed and targets.
   *
   * @param targets numbers of classes; @param weights as many. @throws RangeError if there are more than `tokens`
   */
  draw(targets: Int32Array, weights: Float32Array, seed: number): Negatives {
    const at = this.#at;
    const tokens = targets.length;
    this.#targets.set(targets);
    this.#weights.set(weights);
    // biome-ignore format: the order of the kernel's arguments, in its groups
    this.#kernels.drawNegatives(
      at.targets, at.weights, tokens, this.#inBatch, this.#negatives.length, this.#classes, seed,
      at.logMissed, at.slots, at.different, at.negatives, at.logCounts, at.hits,
    );
    return {
      negatives: this.#negatives.slice(),
      logCounts: this.#logCounts.slice(),
      hits: this.#hits.slice(0, tokens),
    };
  }
}

function planDraws(lengths: { classes: number; tokens: number; size: number; counts: number }) {
  const { classes, tokens, size, counts } = lengths;
  const plan = new MemoryPlan();
  const addresses = {
    logMissed: plan.take(counts * 8),
    slots: plan.take(classes * 4),
    targets: plan.take(tokens * 4),
    weights: plan.take(tokens * 4),
    different: plan.take(tokens * 4),
    negatives: plan.take(size * 4),
    logCounts: plan.take(size * 4),
    hits: plan.take(tokens * 4),
  };
  return { addresses, memory: plan.allocate('own') };
}
