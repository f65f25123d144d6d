/** Sizes of a tensor's axes; `[]` is a scalar's. */
export type Shape = readonly number[];

export const sizeOf = (shape: Shape) => shape.reduce((product, size) => product * size, 1);

export const sameShape = (one: Shape, other: Shape) =>
  one.length === other.length && one.every((size, axis) => size === other[axis]);

export const shapeText = (shape: Shape) => `[${shape.join(', ')}]`;

/** The size of an axis, negative ones counted from the end. */
export const sizeAt = (shape: Shape, axis: number): number => {
  const size = shape.at(axis);
  if (size === undefined) throw new Error(`${shapeText(shape)} has no axis ${axis}.`);
  return size;
};

/** The shape of an elementwise result (NumPy's broadcasting), undefined if the two do not fit. */
export function broadcast(one: Shape, other: Shape): Shape | undefined {
  const result: number[] = [];
  for (let axis = -Math.max(one.length, other.length); axis < 0; axis++) {
    const a = one.at(axis) ?? 1;
    const b = other.at(axis) ?? 1;
    if (a !== b && a !== 1 && b !== 1) return undefined;
    result.push(a === 1 ? b : a);
  }
  return result;
}

/** The axes, counted from 0, along which `from` was repeated to become `to`. */
export function repeatedAxes(from: Shape, to: Shape): number[] {
  const missing = to.length - from.length;
  return to.flatMap((size, axis) => (axis < missing || (from[axis - missing] === 1 && size !== 1) ? [axis] : []));
}

/** Elements between neighbours along each axis of a dense tensor. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  }
  return strides;
}
