import { fitBlend, logitsOf, type Observation } from './blend.ts';

/** What a weight is multiplied by in one move. */
const factors = [0, 0.5, 0.8, 1.25, 2];
const mostMoves = 20;
/**
 * Standard errors of its own mean difference that a move has to gain: many are tried, and noise should move nothing.
 */
const beyondNoise = 2;
/**
 * Ranks that count. With all of them a feature that puts what is far down a little less far down is kept though it
 * disturbs the first.
 */
const cutOff = 25;

/**
 * Weights that rank what was chosen higher than the given ones do, by mean DCG@25 (Järvelin and Kekäläinen 2002), one
 * weight changed at a time; the given ones where no change is surely better. Likelihood, by which `fitBlend` finds
 * weights, asks for good probabilities of all candidates: a feature that knows what is out of the question earns a
 * weight even where it confuses the top ranks. The new weights are scaled so that the softmax of the logits still gives
 * probabilities.
 */
export function improveRanking(observations: readonly Observation[], weights: readonly number[]): readonly number[] {
  let best = { weights, gains: gainsOf(observations, weights) };
  for (let move = 0; move < mostMoves; move++) {
    const better = moves(best.weights)
      .map((moved) => compare(observations, moved, best.gains))
      .filter(({ gained, error }) => gained > beyondNoise * error);
    const next = better.sort((a, b) => b.gained - a.gained)[0];
    if (next === undefined) break;
    best = next;
  }
  if (best.weights === weights) return weights;
  const logits = observations.map((each) => ({
    ...each,
    values: Float32Array.from(logitsOf(each.values, best.weights)),
  }));
  const [scale = 1] = fitBlend(logits, [1]).weights;
  return best.weights.map((weight) => scale * weight);
}

/** Never to nothing at all. */
const moves = (weights: readonly number[]): (readonly number[])[] =>
  weights
    .flatMap((weight, feature) => (weight === 0 ? [] : factors.map((factor) => weights.with(feature, factor * weight))))
    .filter((moved) => moved.some((weight) => weight > 0));

function compare(observations: readonly Observation[], weights: readonly number[], current: Float64Array) {
  const gains = gainsOf(observations, weights);
  const shares = sharesOf(observations);
  const differences = gains.map((gain, n) => gain - current[n]);
  const gained = differences.reduce((sum, difference, n) => sum + shares[n] * difference, 0);
  // About no difference rather than about the mean, which of a few users alike would be certain.
  const variance = differences.reduce((sum, each, n) => sum + (shares[n] * each) ** 2, 0);
  return { weights, gains, gained, error: Math.sqrt(variance) };
}

function sharesOf(observations: readonly Observation[]): Float64Array {
  const weights = Float64Array.from(observations, ({ weight = 1 }) => weight);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/**
 * The DCG@25 of each observation: of equals, what was chosen comes last; a candidate stands for as many as its weight
 * says.
 */
const gainsOf = (observations: readonly Observation[], weights: readonly number[]): Float64Array =>
  Float64Array.from(observations, ({ values, logWeights, chosen }) => {
    const logits = logitsOf(values, weights);
    return chosen.reduce((sum, own) => {
      const least = logits[own];
      let rank = 0;
      for (let n = 0; n < logits.length; n++) {
        if (logits[n] >= least) rank += logWeights === undefined ? 1 : Math.exp(logWeights[n]);
      }
      return rank > cutOff ? sum : sum + 1 / Math.log2(1 + rank);
    }, 0);
  });
