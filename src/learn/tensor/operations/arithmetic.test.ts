import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { input } from '../graph/value.ts';
import { checkGradients, type Draw } from '../reference/check-gradients.reference.ts';
import { broadcastable, runs, seeds, shapes } from '../reference/shapes.arbitrary.ts';
import { add, divide, exponential, logarithm, multiply, negate, square, squareRoot, subtract } from './arithmetic.ts';

const positive: Draw = (next) => 0.5 + Math.abs(next());

describe('gradients of elementwise operations, whatever was broadcast', () => {
  test.each(Object.entries({ add, subtract, multiply, divide }))('%s', async (_, operation) => {
    await fc.assert(
      fc.asyncProperty(broadcastable, seeds, async (both, seed) => {
        const build = (a: Parameters<typeof operation>[0], b: typeof a) => operation(a, b);
        await checkGradients({ shapes: both, seed, draw: positive, build });
      }),
      runs,
    );
  });

  test.each(Object.entries({ negate, squareRoot, square, exponential, logarithm }))('%s', async (_, operation) => {
    await fc.assert(
      fc.asyncProperty(shapes(), seeds, async (shape, seed) => {
        await checkGradients({ shapes: [shape], seed, draw: positive, build: operation });
      }),
      runs,
    );
  });

  test('an operand used twice gets the sum of both gradients', async () => {
    const build = (a: Parameters<typeof square>[0]) => add(multiply(a, a), subtract(3, a));
    await checkGradients({ shapes: [[3, 2]], seed: 1, build });
  });
});

test('shapes that do not broadcast are refused by name', () => {
  expect(() => add(input('left', [2, 3]), input('right', [2, 4]))).toThrow(
    'Add of left [2, 3] and right [2, 4]: the shapes do not broadcast.',
  );
});
