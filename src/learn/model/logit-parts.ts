import type { DescribedItem } from './requests.ts';

/**
 * What a logit is the sum of. `base` is the same for all items of a list, so it changes no score and no order. All
 * others say by how much an item is above an item of which nothing is known.
 */
export const partNames = [
  'encoder',
  'factors',
  'metadata',
  'transitions',
  'companions',
  'neighbours',
  'popularity',
  'base',
] as const;
export type PartName = (typeof partNames)[number];

/** Values of some items by part, in the items' order. A model has a part or not; all its items have the same ones. */
export type PartValues = ReadonlyMap<PartName, Float32Array>;

/** The parts of logits beside the products of vectors. */
export type BeginParts = { readonly base: number; readonly values: PartValues };

/** An item whose logit is explained. Its metadata tells what the model learned from the item from what it says. */
export type ExplainedItem = DescribedItem & {
  /** As exploration scores it: as if nobody had had it yet. */
  readonly isExplored?: boolean | undefined;
};

/** The logits of some items for one user. */
export type ExplainedLogits = {
  /** −Infinity for an item that the model cannot score. */
  readonly logits: Float32Array;
  /** Their sum is the logit, up to the rounding of 32-bit floats. */
  readonly parts: PartValues;
  /** ln Σ e^logit over all eligible items that have one. */
  readonly logSum: number;
};

/** The part of popularity: how far each item is above the least popular one, which is the base. */
export const popularityParts = (prior: Float32Array, least: number, rows: Uint32Array): BeginParts => ({
  base: least,
  values: new Map([['popularity', Float32Array.from(rows, (row) => prior[row] - least)]]),
});

/** 0 at most. */
export const leastOf = (values: Float32Array): number => values.reduce((least, value) => Math.min(least, value), 0);
