/** A beta distribution of chances: 1 and 1 suppose nothing, and what is observed is added. */
export type Beta = { readonly successes: number; readonly failures: number };

/** Draws a chance. */
export function drawBeta({ successes, failures }: Beta, random: () => number): number {
  const one = drawGamma(successes, random);
  return one / (one + drawGamma(failures, random));
}

/** Marsaglia and Tsang 2000; with a shape below 1, the draw of one more is brought down. */
function drawGamma(shape: number, random: () => number): number {
  if (shape < 1) return drawGamma(shape + 1, random) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** How often something was tried and succeeded. */
export type Trials = { readonly tried: number; readonly succeeded: number };

/** Tries from which a rate is known well enough to say how rates differ. */
const fewestTries = 50;
const fewestRates = 3;
/** What is supposed of a new action is worth so many exposures: one that does well is soon seen to. */
const leastWorth = 2;
const mostWorth = 10;

/**
 * What the rates of some say of another that is not known (empirical Bayes by moments: Casella 1985). Nothing is
 * supposed where too few are known.
 */
export function priorOf(known: readonly Trials[]): Beta {
  const rates = known.filter(({ tried }) => tried >= fewestTries).map(({ tried, succeeded }) => succeeded / tried);
  if (rates.length < fewestRates) return { successes: 1, failures: 1 };
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  const variance = rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / (rates.length - 1);
  const share = Math.min(Math.max(mean, 0.01), 0.99);
  const worth = Math.min(Math.max((share * (1 - share)) / Math.max(variance, 1e-9) - 1, leastWorth), mostWorth);
  return { successes: worth * share, failures: worth * (1 - share) };
}
