/**
 * How a pair of interactions of one user fades. Times are parallel to `userItems.indices`, in seconds.
 *
 *   weight = fade(days between the two; inOrder or outOfOrder) × fade(days from the later one to the newest of all;
 *   history),
 *   fade(d; h) = alpha·2^(−d / h.fast) + (1 − alpha)·2^(−d / h.slow), of whole days d.
 *
 * The pair (i, j) in the row of i is in order when j came at or after i.
 */
export type PairDecay = {
  readonly times: Float64Array;
  /** Pairs further apart than this many days do not count at all. */
  readonly maximumGap: number;
  /** 0 to 1: the part that the fast half-life has. */
  readonly alpha: number;
  readonly inOrder: HalfLives;
  readonly outOfOrder: HalfLives;
  readonly history: HalfLives;
};

/** In days, 0 or more; Infinity does not fade. */
export type HalfLives = { readonly fast: number; readonly slow: number };

/** What the threads of one run share. */
export type CoOccurrenceShared = {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly queue: Int32Array;
  readonly items: number;
  readonly minimumCount: number;
  readonly topN: number;
  /** Row numbers at which blocks of items begin, and the end. */
  readonly blocks: Uint32Array;
  /** Addresses of the users' items, and of the items' users. */
  readonly users: { readonly offsets: number; readonly indices: number };
  readonly itemUsers: { readonly offsets: number; readonly indices: number };
  /** Address of the weights of columns, 0 where there are none. */
  readonly columnWeights: number;
  readonly decay?: DecayAddresses;
  /** Address per thread of a count and of a weight for every item. */
  readonly scratch: readonly { readonly counts: number; readonly weights: number }[];
  /** The result: `topN` slots for every item, and how many are taken. */
  readonly bestItems: number;
  readonly bestScores: number;
  readonly kept: Uint32Array;
};

export type DecayAddresses = {
  readonly userTimes: number;
  readonly itemTimes: number;
  /** Seconds. */
  readonly maximumGap: number;
  readonly newest: number;
  readonly inOrder: number;
  readonly outOfOrder: number;
  readonly history: number;
};
