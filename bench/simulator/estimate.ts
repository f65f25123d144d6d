/** A mean over independent runs, with its standard error; that is NaN for a single run. */
export type Estimate = { readonly mean: number; readonly error: number };

/** Runs without a number, such as those in which nothing was found, are left out. */
export function estimate(numbers: readonly number[]): Estimate {
  const known = numbers.filter((number) => !Number.isNaN(number));
  const mean = meanOf(known);
  const squares = known.reduce((sum, number) => sum + (number - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (known.length - 1) / known.length) };
}

export const meanOf = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** Day by day, over runs of as many days. */
export const meansByDay = (runs: readonly (readonly number[])[]): number[] =>
  (runs[0] ?? []).map((_, day) => meanOf(runs.map((days) => days[day] ?? Number.NaN)));
