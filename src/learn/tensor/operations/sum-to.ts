import { apply, flag, float } from '../graph/apply.ts';
import { repeatedAxes, type Shape, sameShape, sizeOf } from '../graph/shape.ts';
import { constant, integers, type Value } from '../graph/value.ts';
import { reshapeTo } from './reshape-to.ts';

/** The gradient of a value that was broadcast: summed over the axes along which it was repeated. */
export function sumTo(gradient: Value, shape: Shape): Value {
  if (sameShape(gradient.shape, shape)) return gradient;
  const axes = repeatedAxes(shape, gradient.shape);
  const size = sizeOf(shape);
  if (size > 1 && axes.every((axis, n) => axis === n)) {
    const ones = new Float32Array(sizeOf(gradient.shape) / size).fill(1);
    return reshapeTo(sumOfColumns(constant(ones, [ones.length, 1]), gradient, size), shape);
  }
  const kept = gradient.shape.filter((_, axis) => !axes.includes(axis));
  const sum = apply('ReduceSum', [gradient, integers(axes)], { shape: kept, attributes: { keepdims: flag(false) } });
  return reshapeTo(sum, shape);
}

/**
 * The sum of the rows of `width` that a value consists of, each times its weight [rows, 1]: [1, width]. As a product,
 * which takes half the time that ReduceSum takes, and a quarter with two threads. No gradient.
 */
export function sumOfColumns(weights: Value, value: Value, width: number): Value {
  const rows = reshapeTo(value, [sizeOf(weights.shape), width]);
  return apply('Gemm', [reshapeTo(weights, [1, sizeOf(weights.shape)]), rows], {
    shape: [1, width],
    attributes: { transA: flag(false), transB: flag(false), alpha: float(1) },
  });
}
