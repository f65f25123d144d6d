import { type AlsObjective, ridge } from './als-problem.ts';
import { joinGram } from './gram.ts';
import { instantiateKernels, type Kernels, kernelModule, MemoryPlan, vectorBytes } from './wasm.ts';

export type FactorScorerOptions = AlsObjective & {
  /** Items × factors, as `trainAls` gave them. */
  readonly itemFactors: Float32Array;
  readonly factors: number;
};

/** Observations that go through the kernel at a time. */
const chunk = 1024;
/** Vectors that go through the items together: enough that reading the items no longer is what takes the time. */
const scoredTogether = 4;

/**
 * Item factors in a memory of their own, ready to score: the vector of a user from a history (fold-in: the user's step of
 * ALS, solved exactly) and the scores of all items for a vector. The memory goes when the scorer is dropped.
 * Calls are synchronous; an instance belongs to one thread.
 */
export class FactorScorer {
  readonly #factors: number;
  readonly #items: number;
  readonly #vectorBytes: number;
  readonly #objective: AlsObjective;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  readonly #floats: Float32Array;
  readonly #at: ReturnType<typeof planScorer>['addresses'];

  /** @throws RangeError if the factors do not fit into 4 GiB or regularization is not greater than 0. */
  constructor({ itemFactors, factors, ...objective }: FactorScorerOptions) {
    if (!(objective.regularization > 0)) {
      throw new RangeError(`regularization is ${objective.regularization}; it must be greater than 0.`);
    }
    this.#factors = factors;
    this.#items = itemFactors.length / factors;
    this.#vectorBytes = vectorBytes(factors);
    this.#objective = objective;
    const { addresses, memory } = planScorer(this.#items, this.#vectorBytes);
    this.#at = addresses;
    this.#memory = memory;
    this.#kernels = instantiateKernels(kernelModule('own'), memory);
    this.#floats = new Float32Array(memory.buffer);
    this.#place(itemFactors);
    this.#sumGram();
  }

  /** Memory that it holds, in bytes. */
  get bytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /** The factors of a user who interacted with `items`, each with its weight (1 unless given); zeros for no items. */
  userVector(items: Uint32Array, weights?: Float32Array): Float32Array {
    const { gram, matrix, lower, vector } = this.#at;
    const square = (this.#vectorBytes / 4) ** 2;
    this.#floats.copyWithin(matrix / 4, gram / 4, gram / 4 + square);
    this.#floats.fill(0, vector / 4, (vector + this.#vectorBytes) / 4);
    for (let begin = 0; begin < items.length; begin += chunk) this.#observe(items, weights, begin);
    const shrink = ridge(this.#objective, items.length, this.#items);
    this.#kernels.solvePositive(vector, matrix, shrink, this.#factors, this.#vectorBytes, lower);
    return this.#floats.slice(vector / 4, vector / 4 + this.#factors);
  }

  /** The dot products of all items with each vector. Several vectors at once cost less than one after the other. */
  scores(vectors: readonly Float32Array[]): Float32Array[] {
    const results: Float32Array[] = [];
    for (let begin = 0; begin < vectors.length; begin += scoredTogether) {
      results.push(...this.#scoreTogether(vectors.slice(begin, begin + scoredTogether)));
    }
    return results;
  }

  #scoreTogether(vectors: readonly Float32Array[]): Float32Array[] {
    const { items, vectors: vectorsAt, scores } = this.#at;
    const padded = Math.ceil(this.#items / 4) * 4;
    vectors.forEach((vector, n) => {
      this.#floats.set(vector, (vectorsAt + n * this.#vectorBytes) / 4);
    });
    this.#kernels.scoreRows(items, padded, this.#vectorBytes, vectorsAt, vectors.length, scores);
    return vectors.map((_, n) => {
      const begin = scores / 4 + n * padded;
      return this.#floats.slice(begin, begin + this.#items);
    });
  }

  #place(itemFactors: Float32Array): void {
    const stride = this.#vectorBytes / 4;
    for (let item = 0; item < this.#items; item++) {
      const row = itemFactors.subarray(item * this.#factors, (item + 1) * this.#factors);
      this.#floats.set(row, this.#at.items / 4 + item * stride);
    }
  }

  #sumGram(): void {
    const { items, matrix, gram } = this.#at;
    const stride = this.#vectorBytes / 4;
    this.#kernels.accumulateGram(items, this.#items, this.#vectorBytes, matrix);
    const partial = this.#floats.subarray(matrix / 4, matrix / 4 + stride * stride);
    joinGram(partial, 1, stride, this.#objective.alpha, this.#floats.subarray(gram / 4, gram / 4 + stride * stride));
  }

  /** Adds one chunk of a history to the system of equations. */
  #observe(items: Uint32Array, weights: Float32Array | undefined, begin: number): void {
    const { matrix, vector, pointers, weights: weightsAt, items: rows } = this.#at;
    const addresses = new Uint32Array(this.#memory.buffer, pointers, chunk);
    const numbers = new Float32Array(this.#memory.buffer, weightsAt, chunk);
    const length = Math.min(chunk, items.length - begin);
    const count = Math.ceil(length / 4) * 4;
    addresses.fill(rows, length, count);
    numbers.fill(0, length, count);
    for (let n = 0; n < length; n++) {
      addresses[n] = rows + (items[begin + n] ?? 0) * this.#vectorBytes;
      numbers[n] = weights ? (weights[begin + n] ?? 0) : 1;
    }
    this.#kernels.addObservations(pointers, weightsAt, count, this.#factors, this.#vectorBytes, matrix, vector);
  }
}

function planScorer(items: number, bytes: number) {
  const plan = new MemoryPlan();
  const square = (bytes / 4) * bytes;
  const padded = Math.ceil(items / 4) * 4;
  const addresses = {
    items: plan.take(padded * bytes),
    scores: plan.take(scoredTogether * padded * 4),
    vectors: plan.take(scoredTogether * bytes),
    gram: plan.take(square),
    matrix: plan.take(square),
    lower: plan.take(square),
    vector: plan.take(bytes),
    pointers: plan.take(chunk * 4),
    weights: plan.take(chunk * 4),
  };
  return { addresses, memory: plan.allocate('own') };
}
