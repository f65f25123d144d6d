import { popularityAt } from './relations.ts';

/**
 * The weight of popularity in the logit of a pair under `popularity_discount_factor`. At 0 it is the one that was
 * learned: who comes to an item most probably. At 1 popularity is taken out of the signals, too, of a cosine by half:
 * how much more probable an item is beside this one than everywhere (pointwise mutual information, Church and Hanks
 * 1990).
 */
export function popularityWeights(weights: readonly number[], isTried: boolean, discount: number): number {
  const [, following, preceding, together] = weights;
  const popularity = weights[popularityAt(weights.length)];
  const inSignals = isTried ? following + preceding + together / 2 : 0;
  return (1 - discount) * popularity - discount * inSignals;
}
