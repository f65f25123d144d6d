import { countBits, positionsOfBits } from './bits.ts';
import { type Coding, codesOfQuery, codingOf } from './codes.ts';
import { logSumExp } from './log-sum-exp.ts';
import { maskBytes, planRanker, type RankerAddresses } from './ranker-memory.ts';
import { topK } from './top-k.ts';
import { instantiateKernels, type Kernels, kernelModule, vectorBytes } from './wasm.ts';

export type VectorQuery = {
  readonly vector: Float32Array;
  /** Writes what each row's score begins with (whatever was there before goes); −Infinity leaves a row out. */
  begin(starts: Float32Array): void;
  /** A bit a row (bits.ts): rows whose bit is 0 are left out. Without it, none are. */
  readonly eligible?: Uint32Array | undefined;
};

export type BestRows = {
  /** Best first, ties by lower row. */
  readonly rows: Uint32Array;
  readonly scores: Float32Array;
  /** ln Σ e^score over all rows that were not left out; −Infinity unless asked for. */
  readonly logSum: number;
};

/** Vectors of more bytes do not stay in a cache that is shared: what counts is how much of them is read. */
const cached = 2 ** 23;
/** So many eligible rows, or such a share of all, are looked up one by one, which costs less than to read all rows. */
const few = { rows: 1024, share: 1 / 128 };

/**
 * Vectors in a memory of their own, ranked exactly by start + vector · query: reading all of them, for several queries
 * at once, or, where they are many, their 8-bit codes and then those that could be among the best. The sums of
 * exponentials are as exact in the first case; in the second they come from the codes (relative error around 1e-4).
 * Calls are synchronous; an instance belongs to one thread. The memory goes when the ranker is dropped.
 */
export class VectorRanker {
  readonly #count: number;
  readonly #padded: number;
  readonly #bytes: number;
  readonly #coding: Coding | undefined;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  readonly #floats: Float32Array;
  readonly #at: RankerAddresses;

  /** @param vectors count × width. @throws RangeError if they do not fit into 4 GiB. */
  constructor(vectors: Float32Array, width: number, coded: boolean = vectors.byteLength > cached) {
    this.#count = vectors.length / width;
    this.#padded = Math.ceil(this.#count / 8) * 8;
    this.#bytes = vectorBytes(width);
    this.#coding = coded ? codingOf(width) : undefined;
    const { addresses, memory } = planRanker(this.#padded, this.#bytes, this.#coding);
    this.#at = addresses;
    this.#memory = memory;
    this.#kernels = instantiateKernels(kernelModule('own'), memory);
    this.#floats = new Float32Array(memory.buffer);
    const stride = this.#bytes / 4;
    for (let row = 0; row < this.#count; row++) {
      this.#floats.set(vectors.subarray(row * width, (row + 1) * width), addresses.rows / 4 + row * stride);
    }
    for (let query = 0; query < addresses.queriesAtOnce; query++) {
      const end = addresses.starts / 4 + (query + 1) * this.#padded;
      this.#floats.fill(Number.NEGATIVE_INFINITY, end - this.#padded + this.#count, end);
    }
    if (this.#coding) this.#encode(this.#coding);
  }

  /** Memory that it holds, in bytes. */
  get bytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /** Whether it reads codes of the vectors first; then sums of exponentials are less exact. */
  get isCoded(): boolean {
    return this.#coding !== undefined;
  }

  /** Whether so few rows are eligible that they are looked up one by one. */
  looksUp({ eligible }: Pick<VectorQuery, 'eligible'>): boolean {
    if (eligible === undefined) return false;
    const most = Math.max(few.rows, few.share * this.#count);
    return countBits(eligible, most) <= most;
  }

  /** The best `limit` rows for each query. */
  rank(queries: readonly VectorQuery[], limit: number, { summing }: { readonly summing: boolean }): BestRows[] {
    const kept = Math.min(limit, this.#count);
    if (kept === 0)
      return queries.map(() => ({ rows: new Uint32Array(), scores: new Float32Array(), logSum: -Infinity }));
    const ofFew = queries.map((query) => this.#rankFew(query, kept, summing));
    const others = queries.filter((_, n) => ofFew[n] === undefined);
    const together = Math.max(1, Math.min(this.#at.queriesAtOnce, Math.floor(this.#at.entries / kept)));
    const ofAll: BestRows[] = [];
    for (let begin = 0; begin < others.length; begin += together) {
      ofAll.push(...this.#rankTogether(others.slice(begin, begin + together), kept, summing));
    }
    let next = 0;
    return ofFew.map((best) => best ?? ofAll[next++]);
  }

  /** The scores of some rows, as `rank` has them. */
  scores({ vector, begin }: VectorQuery, rows: Uint32Array): Float32Array {
    const { rows: first, queries, starts } = this.#at;
    this.#floats.set(vector, queries / 4);
    const begun = this.#floats.subarray(starts / 4, starts / 4 + this.#count);
    begin(begun);
    const scores = new Float32Array(rows.length);
    for (let n = 0; n < rows.length; n++) {
      scores[n] = this.#kernels.dotOfOne(first + rows[n] * this.#bytes, queries, this.#bytes) + begun[rows[n]];
    }
    return scores;
  }

  /** The products of all rows with a vector. */
  products(vector: Float32Array): Float32Array {
    const { rows, queries, products } = this.#at;
    this.#floats.set(vector, queries / 4);
    this.#kernels.scoreRows(rows, this.#padded, this.#bytes, queries, products);
    return this.#floats.slice(products / 4, products / 4 + this.#count);
  }

  /** The same without reading all rows, where few are eligible. */
  #rankFew(query: VectorQuery, limit: number, summing: boolean): BestRows | undefined {
    const { eligible } = query;
    if (eligible === undefined || !this.looksUp(query)) return undefined;
    const rows = positionsOfBits(eligible);
    const scores = this.scores(query, rows);
    const order = topK(scores, limit).filter((n) => scores[n] > Number.NEGATIVE_INFINITY);
    return {
      rows: order.map((n) => rows[n]),
      scores: Float32Array.from(order, (n) => scores[n]),
      logSum: summing ? logSumExp(scores) : Number.NEGATIVE_INFINITY,
    };
  }

  #rankTogether(queries: readonly VectorQuery[], limit: number, summing: boolean): BestRows[] {
    const { rows, starts, queries: vectors, bestRows, bestScores, tallies, scratch, masks } = this.#at;
    const maskAddresses = new Uint32Array(this.#memory.buffer, masks, queries.length);
    queries.forEach(({ vector, begin, eligible }, n) => {
      this.#floats.set(vector, (vectors + n * this.#bytes) / 4);
      const start = starts / 4 + n * this.#padded;
      begin(this.#floats.subarray(start, start + this.#count));
      maskAddresses[n] = eligible ? this.#placeMask(eligible, n) : 0;
    });
    new Uint8Array(this.#memory.buffer, tallies, 16 * queries.length).fill(0);
    const [first] = queries;
    if (this.#coding && first) this.#rankCodes(this.#coding, first.vector, maskAddresses[0], limit, summing);
    else {
      this.#kernels.rankRows(
        rows,
        this.#padded,
        this.#bytes,
        vectors,
        starts,
        queries.length,
        limit,
        summing ? 1 : 0,
        bestRows,
        bestScores,
        tallies,
        scratch,
        masks,
      );
    }
    return queries.map((_, n) => this.#best(n, limit));
  }

  /** Copies the mask of a query to where the kernels read it. */
  #placeMask(eligible: Uint32Array, query: number): number {
    const address = this.#at.maskBits + query * maskBytes(this.#padded);
    new Uint32Array(this.#memory.buffer, address, eligible.length).set(eligible);
    return address;
  }

  #rankCodes(
    { rowBytes, greatest }: Coding,
    vector: Float32Array,
    mask: number,
    limit: number,
    summing: boolean,
  ): void {
    const { codes, scales, errors, query16, rows, queries, starts, bestRows, bestScores, tallies, scratch } = this.#at;
    const { integers, scale, norm } = codesOfQuery(vector, greatest);
    new Int16Array(this.#memory.buffer, query16, integers.length).set(integers);
    this.#kernels.rankCodes(
      codes,
      rowBytes,
      scales,
      errors,
      query16,
      scale,
      norm,
      rows,
      this.#padded,
      this.#bytes,
      queries,
      starts,
      limit,
      summing ? 1 : 0,
      bestRows,
      bestScores,
      tallies,
      scratch,
      mask,
    );
  }

  #best(query: number, limit: number): BestRows {
    const { bestRows, bestScores, tallies } = this.#at;
    const tally = new DataView(this.#memory.buffer, tallies + 16 * query, 16);
    const kept = tally.getUint32(12, true);
    const offset = 4 * query * limit;
    return {
      rows: new Uint32Array(this.#memory.buffer, bestRows + offset, kept).slice(),
      scores: new Float32Array(this.#memory.buffer, bestScores + offset, kept).slice(),
      logSum: tally.getFloat32(8, true) + Math.log(tally.getFloat64(0, true)),
    };
  }

  #encode({ rowBytes, elsewhere }: Coding): void {
    const { rows, codes, scales, errors } = this.#at;
    this.#kernels.encodeRows(rows, this.#padded, this.#bytes, codes, rowBytes, scales, errors, elsewhere);
  }
}
