import { maskBytes } from './ranker-memory.ts';
import type { BestRows, VectorQuery } from './vector-ranker.ts';
import { instantiateKernels, type Kernels, kernelModule, MemoryPlan } from './wasm.ts';

/**
 * Multiplies all vectors with those of some queries, `queries` × width in the order of `VectorQuery`s, and writes the
 * products, `queries` × `padded`: those of a query are followed by any numbers where there are fewer vectors.
 */
export type Multiply = (queries: Float32Array, products: Float32Array) => Promise<void>;

export type ProductRankerOptions = {
  /** How many vectors there are, and how long they are. */
  readonly count: number;
  readonly width: number;
  /** Queries of a multiplication. */
  readonly queriesAtOnce: number;
  readonly multiply: Multiply;
};

/** `count` as a multiple of 8, which the kernels need. */
export const paddedCount = (count: number): number => Math.ceil(count / 8) * 8;

/**
 * Ranks vectors for many queries as `VectorRanker` does, where something else multiplies matrices faster than the
 * kernels multiply vectors. An instance belongs to one thread.
 */
export class ProductRanker {
  readonly #options: ProductRankerOptions;
  readonly #padded: number;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  readonly #at: ReturnType<typeof planProducts>['addresses'];
  readonly #queries: Float32Array;
  readonly #products: Float32Array;
  readonly #starts: Float32Array;
  #previous: Promise<unknown> = Promise.resolve();

  constructor(options: ProductRankerOptions) {
    this.#options = options;
    const { count, width, queriesAtOnce } = options;
    this.#padded = paddedCount(count);
    const { addresses, memory } = planProducts(this.#padded, queriesAtOnce);
    this.#at = addresses;
    this.#memory = memory;
    this.#kernels = instantiateKernels(kernelModule('own'), memory);
    this.#queries = new Float32Array(queriesAtOnce * width);
    this.#products = new Float32Array(memory.buffer, addresses.products, queriesAtOnce * this.#padded);
    this.#starts = new Float32Array(memory.buffer, addresses.starts, this.#padded);
    this.#starts.fill(Number.NEGATIVE_INFINITY, count);
  }

  /** Memory that it holds, in bytes. */
  get bytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /** The best `limit` rows for each query. Calls wait for each other. */
  rank(queries: readonly VectorQuery[], limit: number, how: { readonly summing: boolean }): Promise<BestRows[]> {
    const ranked = this.#previous.then(() => this.#rankAll(queries, limit, how.summing));
    this.#previous = ranked.catch(() => {}); // the caller gets the error
    return ranked;
  }

  async #rankAll(queries: readonly VectorQuery[], limit: number, summing: boolean): Promise<BestRows[]> {
    const { count, width, queriesAtOnce, multiply } = this.#options;
    const best: BestRows[] = [];
    for (let begin = 0; begin < queries.length; begin += queriesAtOnce) {
      const some = queries.slice(begin, begin + queriesAtOnce);
      some.forEach(({ vector }, n) => {
        this.#queries.set(vector, n * width);
      });
      await multiply(this.#queries, this.#products);
      best.push(...some.map((query, n) => this.#rankOne(query, n, Math.min(limit, count), summing)));
    }
    return best;
  }

  #rankOne({ begin, eligible }: VectorQuery, n: number, limit: number, summing: boolean): BestRows {
    const { products, starts, bestRows, bestScores, tally, mask } = this.#at;
    if (limit === 0) return { rows: new Uint32Array(), scores: new Float32Array(), logSum: -Infinity };
    begin(this.#starts.subarray(0, this.#options.count));
    if (eligible) new Uint32Array(this.#memory.buffer, mask, eligible.length).set(eligible);
    const told = new DataView(this.#memory.buffer, tally, tallyBytes);
    for (let at = 0; at < tallyBytes; at += 8) told.setFloat64(at, 0);
    this.#kernels.rankProducts(
      products + 4 * n * this.#padded,
      this.#padded,
      starts,
      limit,
      summing ? 1 : 0,
      bestRows,
      bestScores,
      tally,
      eligible ? mask : 0,
    );
    const kept = told.getUint32(12, true);
    return {
      rows: new Uint32Array(this.#memory.buffer, bestRows, kept).slice(),
      scores: new Float32Array(this.#memory.buffer, bestScores, kept).slice(),
      logSum: told.getFloat32(8, true) + Math.log(told.getFloat64(0, true)),
    };
  }
}

const tallyBytes = 16;

function planProducts(padded: number, queriesAtOnce: number) {
  const plan = new MemoryPlan();
  const addresses = {
    products: plan.take(queriesAtOnce * padded * 4),
    starts: plan.take(padded * 4),
    bestRows: plan.take(padded * 4),
    bestScores: plan.take(padded * 4),
    tally: plan.take(tallyBytes),
    mask: plan.take(maskBytes(padded)),
  };
  return { addresses, memory: plan.allocate('own') };
}
