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
  rankRows(
    rows: number,
    count: number,
    bytes: number,
    queries: number,
    starts: number,
    many: number,
    limit: number,
    summing: 0 | 1,
    bestRows: number,
    bestScores: number,
    tallies: number,
    scratch: number,
    masks: number,
  ): void;
  rankProducts(
    products: number,
    count: number,
    start: number,
    limit: number,
    summing: 0 | 1,
    bestRows: number,
    bestScores: number,
    tally: number,
    mask: number,
  ): void;
  encodeRows(
    rows: number,
    count: number,
    bytes: number,
    codes: number,
    codeBytes: number,
    scales: number,
    errors: number,
    elsewhere: number,
  ): void;
  rankCodes(
    codes: number,
    codeBytes: number,
    scales: number,
    errors: number,
    query16: number,
    scale16: number,
    norm: number,
    rows: number,
    count: number,
    bytes: number,
    query: number,
    start: number,
    limit: number,
    summing: 0 | 1,
    bestRows: number,
    bestScores: number,
    tally: number,
    scratch: number,
    mask: number,
  ): void;
  countAtLeast(values: number, count: number, bound: number): number;
  selectFloats(values: number, count: number, low: number, high: number, bits: number): void;
  selectDoubles(values: number, count: number, low: number, high: number, bits: number): void;
  selectInts(values: number, count: number, low: number, high: number, bits: number): void;
  selectLongs(values: number, count: number, low: bigint, high: bigint, bits: number): void;
  selectBytes(codes: number, count: number, table: number, bits: number): void;
  selectShorts(codes: number, count: number, table: number, bits: number): void;
  selectShortRanges(codes: number, count: number, ranges: number, many: number, bits: number): void;
  selectWordRanges(codes: number, count: number, ranges: number, many: number, bits: number): void;
  gatherBits(positions: number, count: number, source: number, bits: number): void;
  scoreRows(rows: number, count: number, bytes: number, query: number, out: number): void;
  addRowsToColumns(list: number, many: number, sums: number, touched: number, length: number): number;
  addLogs(touched: number, length: number, factor: number, weight: number, sums: number, totals: number): void;
  logsOfMissing(counts: number, classes: number): void;
  drawNegatives(
    targets: number,
    weights: number,
    tokens: number,
    inBatch: number,
    size: number,
    classes: number,
    seed: number,
    logMissed: number,
    slots: number,
    different: number,
    negatives: number,
    logCounts: number,
    hits: number,
  ): void;
  nearestSketches(
    sketches: number,
    count: number,
    query: number,
    mask: number,
    wanted: number,
    rows: number,
    distances: number,
    counts: number,
  ): number;
  dotOfOne(row: number, vector: number, bytes: number): number;
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

/**
 * Whose memory: `own` goes to the garbage collector like any array, `shared` can be worked on by threads and goes late.
 */
export type Sharing = 'own' | 'shared';

/** `relaxed` multiplies and adds in one step; `plain` runs where the runtime does not know that. */
export type Simd = 'relaxed' | 'plain';

const files = {
  relaxed: { own: '../../../wasm/kernels.wasm', shared: '../../../wasm/kernels-shared.wasm' },
  plain: { own: '../../../wasm/kernels-plain.wasm', shared: '../../../wasm/kernels-shared-plain.wasm' },
};
const compiled = new Map<string, WebAssembly.Module>();

/** The kernels, compiled for a kind of memory; a module may be sent to threads. Throws if they have not been built. */
export function kernelModule(sharing: Sharing, simd: Simd = bestSimd()): WebAssembly.Module {
  const file = files[simd][sharing];
  const module = compiled.get(file) ?? new WebAssembly.Module(readKernels(new URL(file, import.meta.url)));
  compiled.set(file, module);
  return module;
}

let best: Simd | undefined;

/** What the runtime knows. */
function bestSimd(): Simd {
  best ??= WebAssembly.validate(readKernels(new URL(files.relaxed.own, import.meta.url))) ? 'relaxed' : 'plain';
  return best;
}

function readKernels(file: URL): Buffer<ArrayBuffer> {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`The compiled kernels ${file.pathname} cannot be read: run \`npm run build\`.`, { cause: error });
  }
}

/** The kernels at work on `memory`, which must be of the kind that `module` was compiled for. */
export function instantiateKernels(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  // A module's exports bear no types: these are the signatures in assembly/.
  return new WebAssembly.Instance(module, { env: { memory } }).exports as Kernels;
}

const pageBytes = 65_536;
const memoryLimit = 2 ** 32;

/** Lays regions out one behind the other, each on a cache line of its own, and makes the memory that holds them. */
export class MemoryPlan {
  #end = 4096; // the compiler keeps what is before for its constants

  /** Address of a region of `bytes`, which is all zeros at first. */
  take(bytes: number): number {
    const address = this.#end;
    this.#end += Math.ceil(bytes / 64) * 64;
    return address;
  }

  /** Throws a RangeError if more than 4 GiB were taken. */
  allocate(sharing: Sharing): WebAssembly.Memory {
    if (this.#end > memoryLimit) {
      const asked = (this.#end / 2 ** 30).toFixed(1);
      throw new RangeError(
        `The model needs ${asked} GiB of working memory and 4 GiB is the most: use fewer dimensions.`,
      );
    }
    const pages = Math.ceil(this.#end / pageBytes);
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: sharing === 'shared' });
  }
}

/** Bytes of a vector of `length` floats in the kernels: padded to a multiple of 8. */
export function vectorBytes(length: number): number {
  return Math.ceil(length / 8) * 32;
}
