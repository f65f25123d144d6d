import { type Histories, lengthOf } from './histories.ts';

/** Inclusive bounds. */
export type Range = { readonly least: number; readonly most: number };

/**
 * The values between two percentiles, given as shares: 0.05 and 0.95 leave out the lowest and the highest 5 % (spec
 * recipes.md §1.4). Nearest-rank percentiles, so that equal values stay or go together.
 */
export function percentileRange(values: Uint32Array, least: number, most: number): Range {
  const sorted = values.slice().sort();
  const nearestRank = (share: number) => sorted[Math.max(Math.ceil(share * sorted.length), 1) - 1] ?? 0;
  return { least: nearestRank(least), most: nearestRank(most) };
}

export const within = ({ least, most }: Range, value: number): boolean => value >= least && value <= most;

/** The users whose histories' lengths lie between two percentiles of them all. */
export function usersWithinPercentiles(histories: Histories, users: Uint32Array, least: number, most: number) {
  const range = percentileRange(
    users.map((user) => lengthOf(histories, user)),
    least,
    most,
  );
  return users.filter((user) => within(range, lengthOf(histories, user)));
}
