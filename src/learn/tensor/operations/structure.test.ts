import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { constant, input } from '../graph/value.ts';
import { checkGradients } from '../reference/check-gradients.reference.ts';
import { broadcastable, runs, seeds, shapes, sizes } from '../reference/shapes.arbitrary.ts';
import { multiply } from './arithmetic.ts';
import { less, maximum, minimum, where } from './choose.ts';
import { dropout } from './dropout.ts';
import { gather, pick } from './gather.ts';
import { concat, slice, split } from './join.ts';
import { mean, sum } from './reduce.ts';
import { reshape, transpose } from './reshape.ts';

const axesOf = (shape: readonly number[]) => fc.subarray([...shape.keys()], { minLength: 1 });

describe('gradients of operations that move elements', () => {
  test.each(Object.entries({ sum, mean }))('%s over any axes', async (_, operation) => {
    const cases = shapes({ minLength: 1 }).chain((shape) => fc.tuple(fc.constant(shape), axesOf(shape)));
    await fc.assert(
      fc.asyncProperty(cases, seeds, fc.boolean(), async ([shape, axes], seed, all) => {
        await checkGradients({ shapes: [shape], seed, build: (x) => operation(x, all ? undefined : axes) });
      }),
      runs,
    );
  });

  test('reshape and transpose', async () => {
    await fc.assert(
      fc.asyncProperty(shapes({ minLength: 2 }), seeds, fc.boolean(), async (shape, seed, first) => {
        const order = first ? [...shape.keys()].reverse() : [...[...shape.keys()].slice(1), 0];
        await checkGradients({ shapes: [shape], seed, build: (x) => reshape(transpose(x, order), [-1]) });
      }),
      runs,
    );
  });

  test('concat along any axis', async () => {
    const cases = shapes({ minLength: 1 }).chain((shape) => fc.tuple(fc.constant(shape), fc.nat(shape.length - 1)));
    await fc.assert(
      fc.asyncProperty(cases, sizes, seeds, async ([shape, axis], other, seed) => {
        const build = (a: ReturnType<typeof input>, b: typeof a) => concat([a, b, a], axis);
        await checkGradients({ shapes: [shape, shape.with(axis, other)], seed, build });
      }),
      runs,
    );
  });

  test('split and slice, of which some pieces go unused', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, sizes, sizes, seeds, async (a, b, c, width, seed) => {
        const shape = [width, a + b + c];
        await checkGradients({ shapes: [shape], seed, build: (x) => split(x, [a, b, c], 1)[1] ?? x });
        await checkGradients({
          shapes: [shape],
          seed,
          build: (x) => multiply(slice(x, 1, a, a + b), slice(x, 1, a, a + b)),
        });
        await checkGradients({ shapes: [shape], seed, build: (x) => slice(x, -1, a) });
      }),
      runs,
    );
  });

  test('where', async () => {
    await fc.assert(
      fc.asyncProperty(broadcastable, seeds, async ([one, other], seed) => {
        const build = (a: ReturnType<typeof input>, b: typeof a) => where(less(a, b), a, multiply(b, 2));
        await checkGradients({ shapes: [one, other], seed, build });
      }),
      runs,
    );
  });

  test.each(Object.entries({ maximum, minimum }))('%s', async (_, operation) => {
    await fc.assert(
      fc.asyncProperty(broadcastable, seeds, async (both, seed) => {
        await checkGradients({ shapes: both, seed, build: (a, b) => operation(a, b) });
      }),
      runs,
    );
  });

  test('dropout by a mask that is fed', async () => {
    await checkGradients({ shapes: [[4, 5]], seed: 3, build: (x) => dropout(x, 0.4) });
  });

  test('gather adds up the gradients of rows that are named twice', async () => {
    const cases = fc
      .tuple(sizes, sizes)
      .chain(([rows, width]) =>
        fc.tuple(fc.constant([rows, width]), fc.array(fc.nat(rows - 1), { minLength: 1, maxLength: 9 })),
      );
    await fc.assert(
      fc.asyncProperty(cases, seeds, async ([table, ids], seed) => {
        const names = constant(Int32Array.from(ids), [ids.length]);
        await checkGradients({ shapes: [table], seed, build: (x) => multiply(gather(x, names), gather(x, names)) });
      }),
      runs,
    );
  });
});

test('pick takes one element of each row', async () => {
  const columns = constant(Int32Array.of(2, 0), [2]);
  expect(pick(input('x', [2, 3]), columns).shape).toEqual([2, 1]);
});

test('shapes that do not fit are refused by name', () => {
  const x = input('x', [2, 3]);
  expect(() => reshape(x, [4])).toThrow('x [2, 3] does not fill [4].');
  expect(() => concat([x, input('y', [3, 3])], 1)).toThrow(
    'concat of x [2, 3] and y [3, 3] along axis 1: another axis differs.',
  );
  expect(() => split(x, [1, 1], 1)).toThrow('split of x [2, 3] into 1,1 along axis 1.');
  expect(() => slice(x, 1, 2, 2)).toThrow('slice of x [2, 3] from 2 to 2 along axis 1.');
  expect(() => gather(input('scalar', []), x)).toThrow('gather: scalar [] is no table of rows.');
  expect(() => dropout(x, 1)).toThrow('A dropout rate of 1 is not from 0 up to below 1.');
});
