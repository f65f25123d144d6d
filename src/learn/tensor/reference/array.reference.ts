import { type Shape, sizeOf, stridesOf } from '../graph/shape.ts';

/** A tensor of float64 numbers; bools are 0 and 1. */
export type Numbers = { readonly shape: Shape; readonly data: Float64Array };

/** A tensor of that shape from the index of each element along each axis. */
export function fill(shape: Shape, at: (index: readonly number[]) => number): Numbers {
  const strides = stridesOf(shape);
  const data = new Float64Array(sizeOf(shape));
  for (let position = 0; position < data.length; position++) {
    data[position] = at(shape.map((size, axis) => Math.floor(position / strides[axis]) % size));
  }
  return { shape, data };
}

/** The element at an index, of which leading axes may be missing and axes of size 1 repeat. */
export function element({ shape, data }: Numbers, index: readonly number[]): number {
  const missing = index.length - shape.length;
  let position = 0;
  for (const [axis, size] of shape.entries()) position = position * size + (size === 1 ? 0 : index[axis + missing]);
  return data[position];
}

/** Calls with the index of every element, in order. */
export function forEachIndex(shape: Shape, call: (index: readonly number[], position: number) => void): void {
  let position = 0;
  fill(shape, (index) => {
    call(index, position++);
    return 0;
  });
}
