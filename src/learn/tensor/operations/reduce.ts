import { apply, flag } from '../graph/apply.ts';
import { type Shape, sizeAt, sizeOf } from '../graph/shape.ts';
import { integers, type Value } from '../graph/value.ts';
import { multiply } from './arithmetic.ts';
import { reshapeTo } from './reshape-to.ts';

/** The sum over `axes`, which vanish; over all of them unless given. */
export const sum = (value: Value, axes?: readonly number[]): Value => reduce('ReduceSum', value, axes, 1);

/** The mean over `axes`, which vanish; over all of them unless given. */
export function mean(value: Value, axes?: readonly number[]): Value {
  const count = sizeOf(axes ? axes.map((axis) => sizeAt(value.shape, axis)) : value.shape);
  return reduce('ReduceMean', value, axes, 1 / count);
}

function reduce(operator: string, value: Value, axes: readonly number[] | undefined, weight: number): Value {
  const { shape } = value;
  const over = axes?.map((axis) => (axis < 0 ? axis + shape.length : axis)) ?? [...shape.keys()];
  const kept = shape.filter((_, axis) => !over.includes(axis));
  const ones = shape.map((size, axis) => (over.includes(axis) ? 1 : size));
  return apply(operator, [value, integers(over)], {
    shape: kept,
    attributes: { keepdims: flag(false) },
    gradient: (gradient) => [expand(reshapeTo(weight === 1 ? gradient : multiply(gradient, weight), ones), shape)],
  });
}

/** Repeats a tensor along its axes of size 1. */
function expand(value: Value, shape: Shape): Value {
  return apply('Expand', [value, integers(shape)], { shape });
}
