import type { RowSlotsState } from './row-slots.ts';

/** How far from an interaction another may stand to make a pair with it. */
export type PairRange = {
  /** Interactions before it, and after it. */
  readonly before: number;
  readonly after: number;
  /** Whether an item makes pairs with itself. */
  readonly itself: boolean;
  /** Entries kept of an item. */
  readonly most: number;
};

/** What the threads of one run share. */
export type NearPairsShared = {
  readonly queue: Int32Array;
  /** Row numbers at which blocks of items begin, and the end. */
  readonly blocks: Uint32Array;
  /** Of histories: the items, and where each user's begin and end. */
  readonly items: Uint32Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly occurrences: Occurrences;
  readonly ranges: readonly (PairRange & { readonly slots: RowSlotsState })[];
};

/**
 * Whose ordered history has each item, and at which position of the arrays: item i's are at [offsets[i], offsets[i +
 * 1]).
 */
export type Occurrences = {
  readonly offsets: Uint32Array;
  readonly users: Uint32Array;
  readonly positions: Uint32Array;
};
