import { apply, flag, integer } from '../graph/apply.ts';
import { integers, type Value } from '../graph/value.ts';
import { exponential, multiply, subtract } from './arithmetic.ts';

/** Over the last axis. */
export function softmax(value: Value): Value {
  return apply('Softmax', [value], {
    shape: value.shape,
    attributes: { axis: integer(-1) },
    gradient: (gradient, p) => [multiply(p, subtract(gradient, sumOfRows(multiply(gradient, p))))],
  });
}

/** Over the last axis. */
export function logSoftmax(value: Value): Value {
  return apply('LogSoftmax', [value], {
    shape: value.shape,
    attributes: { axis: integer(-1) },
    gradient: (gradient, log) => [subtract(gradient, multiply(exponential(log), sumOfRows(gradient)))],
  });
}

/** The sum over the last axis, which stays with size 1. No gradient. */
export function sumOfRows(value: Value): Value {
  const shape = value.shape.with(-1, 1);
  return apply('ReduceSum', [value, integers([-1])], { shape, attributes: { keepdims: flag(true) } });
}
