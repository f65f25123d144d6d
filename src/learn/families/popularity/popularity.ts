import { type Histories, historyOf, lengthOf, userCount } from '../../histories/histories.ts';
import type { Weighting } from '../../training/event-weights.ts';

/** How fast popularity may fade, in days; Infinity, all-time popularity, is always among the choices. */
export const halfLives: readonly number[] = [Number.POSITIVE_INFINITY, 365, 90, 30, 7];

const secondsPerDay = 86_400;
/** How many first items of a history are what a user begins with. */
const earlyItems = 5;

/**
 * The natural logarithm of each item's share of all interactions by their weights, one interaction counting half as
 * much for each half-life (in days; Infinity does not fade) that it is older than the newest. One interaction in all,
 * spread evenly, is added, so that every item has a share.
 */
export function logPopularity(
  histories: Histories,
  itemCount: number,
  halfLifeDays: number,
  weightOf: Weighting = () => 1,
): Float32Array {
  const { items, timestamps, starts, ends } = histories;
  let newest = Number.NEGATIVE_INFINITY;
  // Each history's last is its newest.
  for (let user = 0; user < userCount(histories); user++) {
    if (lengthOf(histories, user) > 0) newest = Math.max(newest, timestamps[ends[user] - 1]);
  }
  const weights = new Float64Array(itemCount);
  for (let user = 0; user < userCount(histories); user++) {
    for (let at = starts[user]; at < ends[user]; at++) {
      const days = (newest - timestamps[at]) / secondsPerDay;
      const item = items[at];
      const fading = days === 0 ? 1 : 2 ** (-days / halfLifeDays);
      weights[item] += weightOf(histories, at) * fading;
    }
  }
  return logShares(weights);
}

/** The same for each user's share of what users begin with: the first items of the histories. */
export function logEarlyPopularity(
  histories: Histories,
  itemCount: number,
  weightOf: Weighting = () => 1,
): Float32Array {
  const weights = new Float64Array(itemCount);
  for (let user = 0; user < userCount(histories); user++) {
    const history = historyOf(histories, user);
    history.items.subarray(0, earlyItems).forEach((item, n) => {
      weights[item] += weightOf(history, n);
    });
  }
  return logShares(weights);
}

/** The logarithm of the mean of two shares given by theirs. */
export const logMean = (a: Float32Array, b: Float32Array): Float32Array =>
  a.map((share, item) => Math.log((Math.exp(share) + Math.exp(b[item])) / 2));

function logShares(weights: Float64Array): Float32Array {
  const total = weights.reduce((sum, weight) => sum + weight, 1);
  return Float32Array.from(weights, (weight) => Math.log((weight + 1 / weights.length) / total));
}
