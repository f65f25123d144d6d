/*
 * Whether an item's interactions grow from one interval to the next: the test of two Poisson rates by
 * variance-stabilised counts (Huffman 1984), which Gu, Ng, Tang and Schucany, "Testing the Ratio of Two Poisson Rates"
 * (Biometrical Journal 50(2), 2008), found to hold its level best. It is W₅ there.
 */

/** What makes the variance of the root of a Poisson count nearly constant (Anscombe 1948). */
const stabiliser = 3 / 8;

/**
 * By how many standard errors there are more interactions than before: about a standard normal variable where the
 * item's share of all interactions has not changed.
 *
 * @param current interactions in the newest interval
 * @param previous interactions in the one before
 * @param traffic how many times as many interactions all other items had in the newest interval, above 0
 */
export function growthScore(current: number, previous: number, traffic: number): number {
  const [now, before] = [Math.sqrt(current + stabiliser), Math.sqrt(traffic * (previous + stabiliser))];
  return (2 * (now - before)) / Math.sqrt(1 + traffic);
}

/**
 * The lower bound of the factor by which an item has grown beyond all others: the factor against which the test has
 * just `score` standard errors. 0 where that is more than there can be.
 */
export function leastGrowth(current: number, previous: number, traffic: number, score: number): number {
  const [now, before] = [current + stabiliser, previous + stabiliser];
  // With u² = factor · traffic: 2 (√now − u √before) = score √(1 + u²), squared.
  const [square, rest] = [4 * before - score ** 2, 4 * now - score ** 2];
  const middle = 4 * Math.sqrt(now * before);
  if (rest <= 0) return 0;
  // The root of square · u² − 2 middle · u + rest that is the lower one, in a form without cancellation.
  const root = rest / (middle + Math.sqrt(middle ** 2 - square * rest));
  return root ** 2 / traffic;
}

/**
 * The chance that an item whose share has not changed grows at least so much, those that grow as much counted half (the
 * mid-P value, Lancaster 1961): of all its interactions, as many or more fall into the newest interval (Przyborowski
 * and Wilenski 1940). For large numbers it follows from the score, from a score of 1 on.
 */
export function chanceOfGrowth(current: number, previous: number, traffic: number): number {
  const all = current + previous;
  if (all > manyInteractions) return tail(growthScore(current, previous, traffic));
  // Binomial probabilities, each from the one before.
  const choices = logFactorial(all) - logFactorial(current) - logFactorial(previous);
  let chance = Math.exp(choices + current * Math.log(traffic) - all * Math.log1p(traffic));
  let sum = chance / 2;
  for (let n = current; n < all && chance > 0; n++) {
    chance *= (traffic * (all - n)) / (n + 1);
    sum += chance;
  }
  return sum;
}

/** From here on the test by scores is as good. */
const manyInteractions = 1000;

/** ln n!, for each n up to that. */
const logFactorials = new Float64Array(manyInteractions + 1);
for (let n = 2; n <= manyInteractions; n++) logFactorials[n] = logFactorials[n - 1] + Math.log(n);
const logFactorial = (n: number) => logFactorials[n];

/** Just above the chance that a standard normal variable is larger than `score`, from 1 on (Sampford 1953). */
export function tail(score: number): number {
  const density = Math.exp(-(score ** 2) / 2) / Math.sqrt(2 * Math.PI);
  return (4 * density) / (3 * score + Math.sqrt(score ** 2 + 8));
}

/**
 * How many of the least chances of `tests` are discoveries, so that at most the share `falseShare` of them is expected
 * to be false (Benjamini and Hochberg 1995).
 *
 * @param chances the least ones, ascending
 */
export function discoveries(chances: ArrayLike<number>, tests: number, falseShare: number): number {
  for (let count = chances.length; count > 0; count--) {
    if (chances[count - 1] * tests <= falseShare * count) return count;
  }
  return 0;
}
