import { readFileSync } from 'node:fs';

/** What assembly/index.ts exports; addresses and lengths are described there. */
export type Kernels = {
  accumulateGram(rows: number, count: number, bytes: number, out: number): void;
  conjugateGradient(
    solution: number,
    pointers: number,
    weights: number,
    count: number,
    gram: number,
    ridge: number,
    bytes: number,
    steps: number,
    tolerance: number,
    scratch: number,
  ): void;
  addObservations(
    pointers: number,
    weights: number,
    count: number,
    size: number,
    bytes: number,
    matrix: number,
    right: number,
  ): void;
  solvePositive(x: number, matrix: number, ridge: number, size: number, bytes: number, lower: number): void;
  scoreRows(rows: number, count: number, bytes: number, vector: number, out: number): void;
  countPairs(users: number, count: number, offsets: number, indices: number, counts: number): void;
  weighPairs(
    users: number,
    moments: number,
    count: number,
    offsets: number,
    indices: number,
    times: number,
    maximumGap: number,
    newest: number,
    inOrder: number,
    outOfOrder: number,
    history: number,
    counts: number,
    weights: number,
  ): void;
  bestOfAll(
    counts: number,
    weights: number,
    columnWeights: number,
    items: number,
    self: number,
    minimum: number,
    limit: number,
    bestItems: number,
    bestScores: number,
  ): number;
  bestOfTouched(
    users: number,
    count: number,
    offsets: number,
    indices: number,
    counts: number,
    weights: number,
    columnWeights: number,
    self: number,
    minimum: number,
    limit: number,
    bestItems: number,
    bestScores: number,
  ): number;
};

let compiled: WebAssembly.Module | undefined;

/** The compiled kernels; a module may be sent to threads. Throws if they have not been built. */
export function kernelModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(readKernels());
  return compiled;
}

function readKernels(): Buffer<ArrayBuffer> {
  const file = new URL('../../../wasm/kernels.wasm', import.meta.url);
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`The compiled kernels ${file.pathname} cannot be read: run \`npm run build\`.`, { cause: error });
  }
}

/** The kernels at work on `memory`, which must be shared. */
export function instantiateKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  // A module's exports bear no types: these are the signatures in assembly/.
  return new WebAssembly.Instance(module, { env: { memory } }).exports as Kernels;
}

const pageBytes = 65_536;
const memoryLimit = 2 ** 32;

/** Lays regions out one behind the other, each on a cache line of its own, and makes the memory that holds them. */
export class MemoryPlan {
  #end = 1024; // the compiler keeps the first kilobyte for itself

  /** Address of a region of `bytes`, which is all zeros at first. */
  take(bytes: number): number {
    const address = this.#end;
    this.#end += Math.ceil(bytes / 64) * 64;
    return address;
  }

  /** Throws a RangeError if more than 4 GiB were taken. */
  allocate(): WebAssembly.Memory {
    if (this.#end > memoryLimit) {
      const asked = (this.#end / 2 ** 30).toFixed(1);
      throw new RangeError(
        `The model needs ${asked} GiB of working memory and 4 GiB is the most: use fewer dimensions.`,
      );
    }
    const pages = Math.ceil(this.#end / pageBytes);
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  }
}

/** Bytes of a vector of `length` floats in the kernels: padded to a multiple of 8. */
export function vectorBytes(length: number): number {
  return Math.ceil(length / 8) * 32;
}
