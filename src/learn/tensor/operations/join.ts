import { apply, applyMany, integer } from '../graph/apply.ts';
import { type Shape, sizeAt } from '../graph/shape.ts';
import { describe, integers, type Value } from '../graph/value.ts';
import { zerosOf } from './zeros.ts';

/** Tensors one after the other along an axis. @throws Error if they differ in another axis */
export function concat(values: readonly Value[], axis: number): Value {
  const [first] = values;
  if (!first) throw new Error('concat of nothing.');
  const at = axis < 0 ? axis + first.shape.length : axis;
  const sizes = values.map(({ shape }) => sizeAt(shape, at));
  const rest = (shape: Shape) => shape.toSpliced(at, 1).join();
  const odd = values.find(({ shape }) => rest(shape) !== rest(first.shape));
  if (odd) throw new Error(`concat of ${describe(first)} and ${describe(odd)} along axis ${at}: another axis differs.`);
  if (values.length === 1) return first;
  return apply('Concat', values, {
    shape: first.shape.with(
      at,
      sizes.reduce((sum, size) => sum + size, 0),
    ),
    type: first.type,
    attributes: { axis: integer(at) },
    gradient: (gradient) => split(gradient, sizes, at),
  });
}

/** Pieces of the given sizes along an axis. @throws Error if they are not the whole */
export function split(value: Value, sizes: readonly number[], axis: number): readonly Value[] {
  const at = axis < 0 ? axis + value.shape.length : axis;
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  if (whole !== sizeAt(value.shape, at)) throw new Error(`split of ${describe(value)} into ${sizes} along axis ${at}.`);
  if (sizes.length === 1) return [value];
  const shapes = sizes.map((size) => value.shape.with(at, size));
  return applyMany('Split', [value, integers(sizes)], {
    outputs: shapes.map((shape) => ({ shape, type: value.type })),
    attributes: { axis: integer(at) },
    gradient: (pieces) => [
      concat(
        shapes.map((shape, n) => pieces[n] ?? zerosOf(shape)),
        at,
      ),
    ],
  });
}

/** Elements from `begin` up to `end` along an axis; `end` may be left out for the rest. */
export function slice(value: Value, axis: number, begin: number, end = sizeAt(value.shape, axis)): Value {
  const length = sizeAt(value.shape, axis);
  const sizes = [begin, end - begin, length - end];
  if (sizes.some((size) => size < 0) || begin === end) {
    throw new Error(`slice of ${describe(value)} from ${begin} to ${end} along axis ${axis}.`);
  }
  const index = begin === 0 ? 0 : 1;
  const piece = split(
    value,
    sizes.filter((size) => size > 0),
    axis,
  )[index];
  if (!piece) throw new Error('A slice is not among its pieces.');
  return piece;
}
