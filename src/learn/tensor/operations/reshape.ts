import { apply, list } from '../graph/apply.ts';
import { type Shape, sizeAt, sizeOf } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { reshapeTo } from './reshape-to.ts';

/**
 * The same elements in another shape, of which one size may be −1: what is left.
 *
 * @throws Error if the elements do not fill it
 */
export function reshape(value: Value, shape: Shape): Value {
  const left = sizeOf(value.shape) / sizeOf(shape.filter((size) => size !== -1));
  return reshapeTo(
    value,
    shape.map((size) => (size === -1 ? left : size)),
  );
}

/** The axes in another order. */
export function transpose(value: Value, order: readonly number[]): Value {
  const back = order.map((_, axis) => order.indexOf(axis));
  return apply('Transpose', [value], {
    shape: order.map((axis) => sizeAt(value.shape, axis)),
    type: value.type,
    attributes: { perm: list(order) },
    gradient: (gradient) => [transpose(gradient, back)],
  });
}
