import { sizeAt } from '../graph/shape.ts';
import { element, fill, forEachIndex, type Numbers } from './array.reference.ts';
import { type Kernel, kernel } from './kernel.reference.ts';

/** Operators that move, repeat, gather or add up elements. */
export const structure: Readonly<Record<string, Kernel>> = {
  Reshape: kernel(([x], { shapes: [shape] }) => ({ shape, data: x.data })),
  Expand: kernel(([x], { shapes: [shape] }) => fill(shape, (index) => element(x, index))),
  Transpose: kernel(([x], { shapes: [shape], integers }) => {
    const order = integers('perm');
    return fill(shape, (index) =>
      element(
        x,
        order.map((_, axis) => index[order.indexOf(axis)]),
      ),
    );
  }),
  Concat: (parts, { shapes: [shape = []], integer }) => {
    const axis = integer('axis');
    const joined = fill(shape, (index) => {
      let at = index[axis];
      const part = parts.find((candidate) => {
        const inside = at < sizeAt(candidate.shape, axis);
        if (!inside) at -= sizeAt(candidate.shape, axis);
        return inside;
      });
      return part ? element(part, index.with(axis, at)) : Number.NaN;
    });
    return [joined];
  },
  Split: ([x], { shapes, integer }) => {
    const axis = integer('axis');
    let begin = 0;
    return shapes.map((shape) => {
      const offset = begin;
      begin += sizeAt(shape, axis);
      return fill(shape, (index) => (x ? element(x, index.with(axis, index[axis] + offset)) : Number.NaN));
    });
  },
  Gather: kernel(([table, ids], { shapes: [shape] }) =>
    fill(shape, (index) => element(table, [element(ids, index.slice(0, -1)), index.at(-1) ?? 0])),
  ),
  GatherElements: kernel(([x, columns], { shapes: [shape] }) =>
    fill(shape, (index) => element(x, [index[0], element(columns, index)])),
  ),
  ScatterND: kernel(([base, positions, rows], { text }) => {
    const data = base.data.slice();
    const width = sizeAt(base.shape, 1);
    const adds = text('reduction') === 'add';
    forEachIndex(rows.shape, ([row = 0, column = 0], position) => {
      const to = positions.data[row] * width + column;
      data[to] = (adds ? data[to] : 0) + rows.data[position];
    });
    return { shape: base.shape, data };
  }),
  ReduceSum: kernel(([x, axes], facts) => reduce(x, axes, facts.shapes[0], (value) => value)),
  ReduceSumSquare: kernel(([x, axes], facts) => reduce(x, axes, facts.shapes[0], (value) => value * value)),
  ReduceMean: kernel(([x, axes], { shapes: [shape] }) => {
    const sums = reduce(x, axes, shape, (value) => value);
    return { shape, data: sums.data.map((value) => (value * sums.data.length) / x.data.length) };
  }),
};

function reduce(x: Numbers, axes: Numbers, shape: readonly number[], of: (value: number) => number): Numbers {
  const over = new Set([...axes.data].map((axis) => (axis < 0 ? axis + x.shape.length : axis)));
  const ones = x.shape.map((size, axis) => (over.has(axis) ? 1 : size));
  const sums = fill(ones, () => 0);
  const positions = fill(ones, () => 0);
  for (let position = 0; position < positions.data.length; position++) positions.data[position] = position;
  forEachIndex(x.shape, (index, position) => {
    const to = element(positions, index);
    sums.data[to] += of(x.data[position]);
  });
  return { shape, data: sums.data };
}
