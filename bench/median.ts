export const median = (numbers: readonly number[]): number => quantile(numbers, 0.5);

/** The number that this share of all are less than; 0 for the least. */
export const quantile = (numbers: readonly number[], share: number): number =>
  numbers.toSorted((one, other) => one - other)[Math.min(numbers.length - 1, Math.floor(share * numbers.length))] ??
  Number.NaN;
