import { apply, flag } from '../graph/apply.ts';
import { repeatedAxes, type Shape, sameShape } from '../graph/shape.ts';
import { integers, type Value } from '../graph/value.ts';
import { reshapeTo } from './reshape-to.ts';

/** The gradient of a value that was broadcast: summed over the axes along which it was repeated. */
export function sumTo(gradient: Value, shape: Shape): Value {
  if (sameShape(gradient.shape, shape)) return gradient;
  const axes = repeatedAxes(shape, gradient.shape);
  const kept = gradient.shape.filter((_, axis) => !axes.includes(axis));
  const sum = apply('ReduceSum', [gradient, integers(axes)], { shape: kept, attributes: { keepdims: flag(false) } });
  return reshapeTo(sum, shape);
}
