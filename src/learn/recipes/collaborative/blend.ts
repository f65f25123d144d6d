/** Weights of the two parts of a logit: of the factors' score and of the popularity prior. */
export type Blend = { readonly factors: number; readonly prior: number };

/** What the model says of one validation user, and which items it should have said it of. */
export type Observation = {
  /** Parallel: one entry for every item that could have been the next. */
  readonly scores: Float32Array;
  readonly prior: Float32Array;
  /** Positions of the items that were. */
  readonly chosen: readonly number[];
};

const mostSteps = 30;
/** A step that promises less than this of log-likelihood a user is not taken. */
const enough = 1e-5;
/** A slight pull towards 0, without which a few users whom the model fits perfectly would make the weights infinite. */
const pull = 1e-6;

/**
 * The blend under which the items that users chose are most probable, with its mean log-likelihood a user: a conditional logit model (McFadden 1974)
 * with two coefficients, neither below 0, by Newton's method. The likelihood is concave, so that there is one best blend; it
 * also fixes the scale of the logits, so that their softmax gives probabilities. `start` is where the search begins.
 */
export function fitBlend(
  observations: readonly Observation[],
  start: Blend = { factors: 1, prior: 1 },
): Blend & { readonly logLikelihood: number } {
  let blend: Blend = { factors: start.factors, prior: start.prior };
  // Without anyone to learn from both count.
  if (observations.length === 0) return { ...blend, logLikelihood: 0 };
  let current = likelihood(observations, blend);
  for (let step = 0; step < mostSteps; step++) {
    const [byFactors, byPrior] = newtonStep(blend, current.first, current.second);
    const promised = (byFactors * current.first[0] + byPrior * current.first[1]) / 2;
    const next = promised < enough ? undefined : improve(observations, blend, current.value, [byFactors, byPrior]);
    if (next === undefined) break;
    ({ blend, likelihood: current } = next);
  }
  return { ...blend, logLikelihood: current.value };
}

type Likelihood = {
  readonly value: number;
  /** First and second derivatives: by factors, by prior, and by both. */
  readonly first: readonly [number, number];
  readonly second: readonly [number, number, number];
};

function likelihood(observations: readonly Observation[], blend: Blend): Likelihood {
  const { factors, prior } = blend;
  let value = -pull * (factors ** 2 + prior ** 2);
  const first: [number, number] = [-2 * pull * factors, -2 * pull * prior];
  const second: [number, number, number] = [-2 * pull, -2 * pull, 0];
  for (const observation of observations) {
    const one = likelihoodOfOne(observation, blend);
    value += one.value / observations.length;
    for (const n of [0, 1] as const) first[n] += one.first[n] / observations.length;
    for (const n of [0, 1, 2] as const) second[n] += one.second[n] / observations.length;
  }
  return { value, first, second };
}

/** The mean over the chosen items; derivatives are differences between chosen and expected values, and covariances. */
function likelihoodOfOne({ scores, prior, chosen }: Observation, blend: Blend): Likelihood {
  const logit = (n: number) => blend.factors * (scores[n] ?? 0) + blend.prior * (prior[n] ?? 0);
  let highest = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < scores.length; n++) highest = Math.max(highest, logit(n));
  let [sum, a, b, aa, bb, ab] = [0, 0, 0, 0, 0, 0];
  for (let n = 0; n < scores.length; n++) {
    const weight = Math.exp(logit(n) - highest);
    const s = scores[n] ?? 0;
    const p = prior[n] ?? 0;
    sum += weight;
    a += weight * s;
    b += weight * p;
    aa += weight * s * s;
    bb += weight * p * p;
    ab += weight * s * p;
  }
  const mean = (of: (n: number) => number) => chosen.reduce((total, n) => total + of(n), 0) / chosen.length;
  [a, b, aa, bb, ab] = [a / sum, b / sum, aa / sum, bb / sum, ab / sum];
  return {
    value: mean(logit) - highest - Math.log(sum),
    first: [mean((n) => scores[n] ?? 0) - a, mean((n) => prior[n] ?? 0) - b],
    second: [-(aa - a * a), -(bb - b * b), -(ab - a * b)],
  };
}

/** The step within bounds, halved until it helps; nothing if it never does. */
function improve(
  observations: readonly Observation[],
  blend: Blend,
  value: number,
  [byFactors, byPrior]: readonly [number, number],
) {
  for (let share = 1; share > 1e-4; share /= 2) {
    const next = {
      factors: Math.max(blend.factors + share * byFactors, 0),
      prior: Math.max(blend.prior + share * byPrior, 0),
    };
    const there = likelihood(observations, next);
    if (there.value > value) return { blend: next, likelihood: there };
  }
  return undefined;
}

/** A coefficient that stands at its bound and would go below it stays; the step is then that of the other alone. */
function newtonStep(
  blend: Blend,
  [a, b]: Likelihood['first'],
  [aa, bb, ab]: Likelihood['second'],
): readonly [number, number] {
  if (blend.factors === 0 && a <= 0) return [0, -b / bb];
  if (blend.prior === 0 && b <= 0) return [-a / aa, 0];
  const determinant = aa * bb - ab * ab;
  return [(-a * bb + b * ab) / determinant, (-b * aa + a * ab) / determinant];
}
