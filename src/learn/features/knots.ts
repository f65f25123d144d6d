import type { Cell } from './column.ts';

const mostKnots = 8;

/**
 * Ascending numbers between which features are linear: quantiles, so that as many lie between any two knots; one that
 * is as frequent as that is a knot of its own.
 */
export function knotsOf(values: Float64Array): readonly number[] {
  const sorted = values.slice().sort();
  const quantiles = Array.from(
    { length: mostKnots },
    (_, n) => sorted[Math.round((n * (sorted.length - 1)) / (mostKnots - 1))] ?? 0,
  );
  return sorted.length === 0 ? [] : [...new Set(quantiles)];
}

export const numberOf = (cell: Cell): number => (typeof cell === 'number' && Number.isFinite(cell) ? cell : Number.NaN);

/**
 * A number as the two knots it lies between, each by its nearness (after the piecewise linear encoding of Gorishniy et
 * al. 2022): weights that sum to 1 whatever the numbers' distribution. Beyond the last knots it is the last. What is no
 * number is the knot −1.
 */
export function nearKnots(cell: Cell, knots: readonly number[], visit: (knot: number, weight: number) => void): void {
  const value = numberOf(cell);
  const above = knots.findIndex((knot) => knot >= value);
  if (Number.isNaN(value)) visit(-1, 1);
  else if (above <= 0) visit(above === 0 ? 0 : knots.length - 1, 1);
  else {
    const [low, high] = [knots[above - 1], knots[above]];
    // The difference can be more than the greatest number, and halves can be less than the least.
    const scale = Number.isFinite(high - low) ? 1 : 0.5;
    const share = (value * scale - low * scale) / (high * scale - low * scale);
    visit(above, share);
    visit(above - 1, 1 - share);
  }
}
