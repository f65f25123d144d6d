import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { input } from '../graph/value.ts';
import { checkGradients } from '../reference/check-gradients.reference.ts';
import { runs, seeds, sizes } from '../reference/shapes.arbitrary.ts';
import { add } from './arithmetic.ts';
import { affine, gemm, matmul } from './matmul.ts';
import { layerNormalise } from './normalise.ts';
import { logSoftmax, softmax } from './softmax.ts';

const leading = fc.array(sizes, { maxLength: 2 });
const dimensions = fc.tuple(sizes, sizes, sizes);

describe('gradients of products', () => {
  test('matmul of matrices and stacks of them, transposed or not, scaled', async () => {
    const product = fc.record({ transposeA: fc.boolean(), transposeB: fc.boolean(), alpha: fc.constantFrom(1, 0.5) });
    await fc.assert(
      fc.asyncProperty(leading, dimensions, product, seeds, async (batch, [m, k, n], how, seed) => {
        const a = how.transposeA ? [...batch, k, m] : [...batch, m, k];
        const b = how.transposeB ? [...batch, n, k] : [...batch, k, n];
        await checkGradients({ shapes: [a, b], seed, build: (x, y) => matmul(x, y, how) });
      }),
      { numRuns: 30 },
    );
  });

  test('products that add themselves onto a gradient from elsewhere', async () => {
    const build = (a: ReturnType<typeof input>, b: typeof a, c: typeof a) =>
      add(add(gemm(a, b, {}, c), matmul(a, c)), add(a, c));
    await checkGradients({
      shapes: [
        [3, 3],
        [3, 3],
        [3, 3],
      ],
      seed: 2,
      build,
    });
  });

  test('affine of any leading axes', async () => {
    await fc.assert(
      fc.asyncProperty(leading, sizes, sizes, seeds, fc.boolean(), async (batch, from, to, seed, biased) => {
        const shapes = [[...batch, from], [from, to], ...(biased ? [[to]] : [])];
        await checkGradients({ shapes, seed, build: (x, weight, bias) => affine(x, weight, bias) });
      }),
      runs,
    );
  });
});

describe('gradients of what is normalised along the last axis', () => {
  test.each(Object.entries({ softmax, logSoftmax }))('%s', async (_, operation) => {
    await fc.assert(
      fc.asyncProperty(leading, sizes, seeds, async (batch, width, seed) => {
        await checkGradients({ shapes: [[...batch, width]], seed, build: operation });
      }),
      runs,
    );
  });

  test('layer normalisation', async () => {
    await fc.assert(
      fc.asyncProperty(leading, fc.integer({ min: 3, max: 6 }), seeds, async (batch, width, seed) => {
        const build = (x: ReturnType<typeof input>, gain: typeof x, bias: typeof x) =>
          layerNormalise(x, gain, bias, 1e-2);
        await checkGradients({ shapes: [[...batch, width], [width], [width]], seed, build });
      }),
      runs,
    );
  });
});

test('shapes that do not fit are refused by name', () => {
  const x = input('x', [2, 3]);
  expect(() => matmul(x, input('w', [2, 4]))).toThrow('matmul: x [2, 3] and w [2, 4] do not fit.');
  expect(() => matmul(x, input('w', [2, 3]), { transposeA: true, transposeB: true })).toThrow(
    'matmul: x [2, 3] transposed and w [2, 3] transposed do not fit.',
  );
  expect(() => affine(x, input('w', [3, 4]), input('b', [3]))).toThrow('affine: b [3] does not fit w [3, 4].');
  expect(() => layerNormalise(x, input('g', [2]), input('b', [3]))).toThrow(
    'layerNormalise: g [2] does not fit x [2, 3].',
  );
});
