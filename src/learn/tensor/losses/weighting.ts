import { sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { divide, logarithm, multiply, negate } from '../operations/arithmetic.ts';
import { maximum } from '../operations/choose.ts';
import { sum } from '../operations/reduce.ts';
import { reshapeTo } from '../operations/reshape-to.ts';

/** The smallest normal float32: less counts as this under a logarithm or as a divisor. */
const least = 1.1754944e-38;

/** Weights as shares of their sum, as a column: all 0 if no weight is more. */
export function shares(weights: Value): Value {
  return reshapeTo(divide(weights, maximum(sum(weights), least)), [sizeOf(weights.shape), 1]);
}

export const weightedSum = (values: Value, share: Value): Value => sum(multiply(values, share));

/** −ln p, of which nothing but the value is used: its gradient is given by hand. */
export const negativeLog = (p: Value): Value => negate(logarithm(maximum(p, least)));
