/** What the features of a model say of one validation user, and which items they should have said it of. */
export type Observation = {
  /** Candidates × features: a row for each item that could have been the next. */
  readonly values: Float32Array;
  /** Where candidates are a sample: the logarithm of how many items each stands for. */
  readonly logWeights?: Float32Array;
  /** Rows of the items that were. */
  readonly chosen: readonly number[];
  /** How much it counts; 1 unless given. */
  readonly weight?: number;
};

export type Blend = {
  /** One for each feature, none below 0. */
  readonly weights: readonly number[];
  /** Mean over the observations, less the slight pull. */
  readonly logLikelihood: number;
};

const mostSteps = 30;
/** A step that promises less than this of log-likelihood a user is not taken. */
const enough = 1e-5;
/** A slight pull towards 0, without which a few users whom the model fits perfectly would make the weights infinite. */
const pull = 1e-6;

/**
 * The weights of a sum of features under which the items that users chose are most probable: a conditional logit model
 * (McFadden 1974) with a coefficient for each feature, none below 0, by Newton's method. The likelihood is concave, so
 * that there is one best blend; it also fixes the scale of the logits, so that their softmax gives probabilities.
 * `start` is where the search begins, and the answer where there is no one to learn from.
 */
export function fitBlend(observations: readonly Observation[], start: readonly number[]): Blend {
  let weights = start;
  if (observations.length === 0) return { weights, logLikelihood: 0 };
  let current = likelihood(observations, weights);
  for (let step = 0; step < mostSteps; step++) {
    const direction = newtonStep(weights, current);
    const promised = direction.reduce((sum, move, feature) => sum + (move * current.first[feature]) / 2, 0);
    const next = promised < enough ? undefined : improve(observations, weights, current.value, direction);
    if (next === undefined) break;
    ({ weights, likelihood: current } = next);
  }
  return { weights, logLikelihood: current.value };
}

type Likelihood = {
  readonly value: number;
  /** First derivatives, and the matrix of second ones. */
  readonly first: readonly number[];
  readonly second: readonly Float64Array[];
};

function likelihood(observations: readonly Observation[], weights: readonly number[]): Likelihood {
  const total = observations.reduce((sum, { weight = 1 }) => sum + weight, 0);
  let value = -pull * weights.reduce((sum, weight) => sum + weight ** 2, 0);
  const first = weights.map((weight) => -2 * pull * weight);
  const second = weights.map((_, row) => Float64Array.from(weights, (_, column) => (row === column ? -2 * pull : 0)));
  for (const observation of observations) {
    const share = (observation.weight ?? 1) / total;
    value += share * addOne(observation, weights, first, second, share);
  }
  return { value, first, second };
}

/**
 * The mean log-likelihood of the chosen items; adds its derivatives: differences between chosen and expected values,
 * and covariances.
 */
function addOne(
  { values, logWeights, chosen }: Observation,
  weights: readonly number[],
  first: number[],
  second: readonly Float64Array[],
  share: number,
): number {
  const features = weights.length;
  const logits = logitsOf(values, weights);
  const highest = logits.reduce((most, logit, n) => Math.max(most, logit + (logWeights?.[n] ?? 0)), -Infinity);
  const sums = new Float64Array(features);
  const products = new Float64Array(features * features);
  let total = 0;
  for (let n = 0, at = 0; n < logits.length; n++, at += features) {
    const odds = Math.exp(logits[n] + (logWeights?.[n] ?? 0) - highest);
    total += odds;
    for (let a = 0; a < features; a++) {
      const weighted = odds * values[at + a];
      sums[a] += weighted;
      for (let b = 0; b <= a; b++) {
        products[a * features + b] = products[a * features + b] + weighted * values[at + b];
      }
    }
  }
  const mean = (of: (n: number) => number) => chosen.reduce((sum, n) => sum + of(n), 0) / chosen.length;
  for (let a = 0; a < features; a++) {
    const expected = sums[a] / total;
    first[a] = first[a] + share * (mean((n) => values[n * features + a]) - expected);
    for (let b = 0; b <= a; b++) {
      const covariance = products[a * features + b] / total - (expected * sums[b]) / total;
      add(second, a, b, -share * covariance);
      if (a !== b) add(second, b, a, -share * covariance);
    }
  }
  return mean((n) => logits[n]) - highest - Math.log(total);
}

/** A logit for each candidate. */
export function logitsOf(values: Float32Array, weights: readonly number[]): Float64Array {
  const logits = new Float64Array(values.length / weights.length);
  for (let n = 0, at = 0; n < logits.length; n++) {
    let logit = 0;
    for (const weight of weights) logit += weight * values[at++];
    logits[n] = logit;
  }
  return logits;
}

/** The step as far as no weight goes below 0, halved until it helps; nothing if it never does. */
function improve(
  observations: readonly Observation[],
  weights: readonly number[],
  value: number,
  direction: readonly number[],
) {
  const bounds = weights.map((weight, feature) => weight / Math.max(-direction[feature], 1e-300));
  for (let share = Math.min(1, ...bounds.filter((_, feature) => direction[feature] < 0)); share > 1e-12; share /= 2) {
    const next = weights.map((weight, feature) => atLeastZero(weight + share * direction[feature]));
    const there = likelihood(observations, next);
    if (there.value > value) return { weights: next, likelihood: there };
  }
  return undefined;
}

/** What is left of a weight that has gone to its bound is rounding. */
const atLeastZero = (weight: number) => (weight < 1e-6 ? 0 : weight);

/**
 * Newton's step. A weight that stands at its bound and would go below it stays; the step is then that of the others
 * alone.
 */
function newtonStep(weights: readonly number[], { first, second }: Likelihood): readonly number[] {
  let free = weights.flatMap((weight, feature) => (weight > 0 || first[feature] > 0 ? [feature] : []));
  for (;;) {
    const steps = ascend(free, first, second);
    const held = free.filter((feature, n) => weights[feature] === 0 && steps[n] < 0);
    if (held.length === 0) {
      return weights.map((_, feature) => (free.includes(feature) ? steps[free.indexOf(feature)] : 0));
    }
    free = free.filter((feature) => !held.includes(feature));
  }
}

/** x of −H x = g over the free features, by elimination: −H is positive definite. */
function ascend(free: readonly number[], first: readonly number[], second: readonly Float64Array[]): number[] {
  const rows = free.map((a) => [...free.map((b) => -second[a][b]), first[a]]);
  rows.forEach((pivot, n) => {
    for (const [other, row] of rows.entries()) {
      if (other === n) continue;
      const factor = row[n] / pivot[n];
      for (let column = n; column < row.length; column++) row[column] = row[column] - factor * pivot[column];
    }
  });
  return rows.map((row, n) => row[free.length] / row[n]);
}

function add(matrix: readonly Float64Array[], row: number, column: number, value: number): void {
  matrix[row][column] += value;
}
