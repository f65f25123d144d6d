/**
 * How well an item does where it is shown, as a ratio: 1 is as well as the items that it is shown with. Of an item that
 * nobody has seen we suppose that, as surely as one expected interaction would show.
 *
 * Interactions are taken as Poisson, so that what is known is a Gamma distribution of shape 1 + successes and rate 1 +
 * expected. It is kept as the normal distribution of its cube root (Wilson and Hilferty 1931), from which drawing costs
 * one normal number, and whose chance to be the greatest is an ordinary integral.
 */
export type Posterior = {
  /** Means of the cube roots, a candidate each. */
  readonly means: Float32Array;
  /** Their standard deviations. */
  readonly deviations: Float32Array;
};

/** Expected interactions that the supposition is worth. */
const prior = 1;

/**
 * Writes what is known of a candidate.
 *
 * @param successes interactions with it
 * @param expected interactions that it would have had if it did as well as what it was shown with
 */
export function setPosterior(
  { means, deviations }: Posterior,
  candidate: number,
  successes: number,
  expected: number,
): void {
  const shape = prior + successes;
  const root = Math.cbrt(shape / (prior + expected));
  means[candidate] = root * (1 - 1 / (9 * shape));
  deviations[candidate] = root / (3 * Math.sqrt(shape));
}

/** The cube root of what an item must do to replace another, which does as the model expects. */
export const toBeat = 1;

/** The mean of an unknown candidate. */
export const priorMean = 1 - 1 / 9;

/** Takes a candidate out: it can never win. */
export function retire({ means, deviations }: Posterior, candidate: number): void {
  means[candidate] = 0;
  deviations[candidate] = 0;
}
