/** How many quantiles stand for the standard normal distribution. */
const count = 2048;

/**
 * Quantiles at (n + ½) / 2048, ascending: drawing one of them is drawing a standard normal number, without a logarithm.
 */
const quantiles = Float64Array.from({ length: count }, (_, n) => quantileAt((n + 0.5) / count));

/** A standard normal number for one that is uniform in [0, 1). */
export const normalQuantile = (uniform: number): number => quantiles[Math.floor(uniform * count)];

/** Chances at the multiples of 1 / 256 from −8 to 8. */
const [steps, reach] = [256, 8];
const chances = Float64Array.from({ length: 2 * reach * steps + 2 }, (_, n) => zelenSevero(n / steps - reach));

/**
 * The chance that a standard normal number is below `x`, to 6 decimals: read from a table, as it is asked very often.
 */
export function normalCdf(x: number): number {
  const at = (Math.min(Math.max(x, -reach), reach) + reach) * steps;
  const below = Math.floor(at);
  const chance = chances[below];
  return chance + (at - below) * (chances[below + 1] - chance);
}

/** To 7 decimals (Zelen and Severo 1964, formula 26.2.17). */
function zelenSevero(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = 0.3989422804014327 * Math.exp((-x * x) / 2) * series;
  return x < 0 ? tail : 1 - tail;
}

/** By bisection. */
function quantileAt(share: number): number {
  let [low, high] = [-6, 6];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (zelenSevero(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
