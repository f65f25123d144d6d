import { type AlsObjective, ridge } from './als-problem.ts';
import { joinGram } from './gram.ts';
import { instantiateKernels, type Kernels, kernelModule, MemoryPlan, vectorBytes } from './wasm.ts';

export type FoldInOptions = AlsObjective & {
  /** Items × factors, as `trainAls` gave them. */
  readonly itemFactors: Float32Array;
  readonly factors: number;
};

/** Rows that go through a kernel at a time. */
const chunk = 1024;

/**
 * The user's step of ALS, solved exactly: the factors of a user from a history. Calls are synchronous; an instance
 * belongs to one thread.
 */
export class FoldIn {
  readonly #options: FoldInOptions;
  readonly #items: number;
  readonly #vectorBytes: number;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  readonly #floats: Float32Array;
  readonly #at: ReturnType<typeof planFoldIn>['addresses'];

  /** @throws RangeError if regularization is not greater than 0. */
  constructor(options: FoldInOptions) {
    if (!(options.regularization > 0)) {
      throw new RangeError(`regularization is ${options.regularization}; it must be greater than 0.`);
    }
    this.#options = options;
    this.#items = options.itemFactors.length / options.factors;
    this.#vectorBytes = vectorBytes(options.factors);
    const { addresses, memory } = planFoldIn(this.#vectorBytes);
    this.#at = addresses;
    this.#memory = memory;
    this.#kernels = instantiateKernels(kernelModule('own'), memory);
    this.#floats = new Float32Array(memory.buffer);
    this.#sumGram();
  }

  /** Memory that it holds besides the factors, in bytes. */
  get bytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /** The factors of a user who interacted with `items`, each with its weight (1 unless given); zeros for no items. */
  userVector(items: Uint32Array, weights?: Float32Array): Float32Array {
    const { gram, matrix, lower, vector } = this.#at;
    const { factors } = this.#options;
    const square = (this.#vectorBytes / 4) ** 2;
    this.#floats.copyWithin(matrix / 4, gram / 4, gram / 4 + square);
    this.#floats.fill(0, vector / 4, (vector + this.#vectorBytes) / 4);
    for (let begin = 0; begin < items.length; begin += chunk) {
      const end = begin + chunk;
      this.#observe(items.subarray(begin, end), weights?.subarray(begin, end));
    }
    const shrink = ridge(this.#options, items.length, this.#items);
    this.#kernels.solvePositive(vector, matrix, shrink, factors, this.#vectorBytes, lower);
    return this.#floats.slice(vector / 4, vector / 4 + factors);
  }

  #sumGram(): void {
    const { rows, matrix, gram } = this.#at;
    const stride = this.#vectorBytes / 4;
    for (let begin = 0; begin < this.#items; begin += chunk) {
      const items = Uint32Array.from({ length: Math.min(chunk, this.#items - begin) }, (_, n) => begin + n);
      this.#place(items);
      this.#kernels.accumulateGram(rows, items.length, this.#vectorBytes, matrix);
    }
    const partial = this.#floats.subarray(matrix / 4, matrix / 4 + stride * stride);
    joinGram(partial, 1, stride, this.#options.alpha, this.#floats.subarray(gram / 4, gram / 4 + stride * stride));
  }

  /** Adds a chunk of a history to the system of equations. */
  #observe(items: Uint32Array, weights: Float32Array | undefined): void {
    const { matrix, vector, pointers, weights: weightsAt, rows } = this.#at;
    this.#place(items);
    const count = Math.ceil(items.length / 4) * 4;
    const addresses = new Uint32Array(this.#memory.buffer, pointers, count);
    const numbers = new Float32Array(this.#memory.buffer, weightsAt, count);
    for (let n = 0; n < count; n++) {
      addresses[n] = rows + n * this.#vectorBytes;
      numbers[n] = n < items.length ? (weights?.[n] ?? 1) : 0;
    }
    this.#kernels.addObservations(pointers, weightsAt, count, this.#options.factors, this.#vectorBytes, matrix, vector);
  }

  /** Copies the factors of some items to the rows that the kernels read. */
  #place(items: Uint32Array): void {
    const { itemFactors, factors } = this.#options;
    items.forEach((item, n) => {
      const row = itemFactors.subarray(item * factors, (item + 1) * factors);
      this.#floats.set(row, (this.#at.rows + n * this.#vectorBytes) / 4);
    });
  }
}

function planFoldIn(bytes: number) {
  const plan = new MemoryPlan();
  const square = (bytes / 4) * bytes;
  const addresses = {
    rows: plan.take(chunk * bytes),
    gram: plan.take(square),
    matrix: plan.take(square),
    lower: plan.take(square),
    vector: plan.take(bytes),
    pointers: plan.take(chunk * 4),
    weights: plan.take(chunk * 4),
  };
  return { addresses, memory: plan.allocate('own') };
}
