import { sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { softplus } from '../operations/activation.ts';
import { multiply, subtract } from '../operations/arithmetic.ts';
import { reshapeTo } from '../operations/reshape-to.ts';
import { shares, weightedSum } from './weighting.ts';

/** The weighted mean of −y ln σ(x) − (1 − y) ln (1 − σ(x)), all [count]: x are scores, y labels from 0 to 1. */
export function binaryCrossEntropy(scores: Value, labels: Value, weights: Value): Value {
  return weightedMean(subtract(softplus(scores), multiply(scores, labels)), weights);
}

/** The weighted mean of −ln σ(better − worse), all [count] (BPR, Rendle et al. 2009). */
export function bayesianPersonalisedRanking(better: Value, worse: Value, weights: Value): Value {
  return weightedMean(softplus(subtract(worse, better)), weights);
}

const weightedMean = (values: Value, weights: Value) =>
  weightedSum(reshapeTo(values, [sizeOf(values.shape), 1]), shares(weights));
