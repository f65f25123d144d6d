import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eigenSymmetric } from './eigen-symmetric.ts';
import { randomisedSvd } from './randomised-svd.ts';

type Dense = readonly (readonly number[])[];

const sparse = (dense: Dense) => {
  const entries = dense.map((row) => row.flatMap((value, column) => (value === 0 ? [] : [{ value, column }])));
  const offsets = new Uint32Array(dense.length + 1);
  entries.forEach((row, n) => {
    offsets[n + 1] = offsets[n] + row.length;
  });
  return {
    rows: dense.length,
    columns: dense[0]?.length ?? 0,
    offsets,
    indices: Uint32Array.from(entries.flat(), ({ column }) => column),
    values: Float32Array.from(entries.flat(), ({ value }) => value),
  };
};

/** Aᵀ A in float64. */
const gram = (dense: Dense) => {
  const columns = dense[0]?.length ?? 0;
  return Float64Array.from({ length: columns * columns }, (_, at) =>
    dense.reduce((sum, row) => sum + row[Math.floor(at / columns)] * row[at % columns], 0),
  );
};

const element = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: -9, max: 9 }) },
);
const anyMatrix = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 24 }))
  .chain(([rows, columns]) =>
    fc.array(fc.array(element, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }),
  );

it('finds the singular values and vectors of a dense decomposition in float64', async () => {
  await fc.assert(
    fc.asyncProperty(anyMatrix, fc.integer({ min: 1, max: 6 }), fc.integer(), async (dense, rank, seed) => {
      const exact = eigenSymmetric(gram(dense)).values.map((value) => Math.sqrt(Math.max(value, 0)));
      const { vectors, values } = await randomisedSvd(sparse(dense), rank, seed);
      const greatest = Math.max(exact[0], 1e-9);
      // What is left out beyond `rank + 8` directions makes the last ones inexact, hardly ever by a hundredth.
      values.forEach((value, n) => {
        expect(Math.abs(value - (exact[n] ?? 0)) / greatest).toBeLessThan(0.02);
      });
      for (let n = values.length; n < rank; n++) expect((exact[n] ?? 0) / greatest).toBeLessThan(1e-4);
      const columns = dense[0]?.length ?? 0;
      const width = values.length;
      for (let a = 0; a < width; a++) {
        const column = (k: number) => Array.from({ length: columns }, (_, row) => vectors[row * width + k]);
        for (let b = 0; b <= a; b++) {
          const dot = column(a).reduce((sum, value, row) => sum + value * column(b)[row], 0);
          expect(dot).toBeCloseTo(a === b ? 1 : 0, 4);
        }
        const image = dense.map((row) => row.reduce((sum, value, k) => sum + value * column(a)[k], 0));
        expect(Math.hypot(...image)).toBeCloseTo(values[a], 3);
      }
    }),
  );
});

it('is the same for the same seed', async () => {
  const dense = Array.from({ length: 30 }, (_, row) => Array.from({ length: 40 }, (_, n) => (row * n) % 7));
  expect(await randomisedSvd(sparse(dense), 5, 3)).toEqual(await randomisedSvd(sparse(dense), 5, 3));
});

it('has no direction for a matrix of zeros', async () => {
  expect((await randomisedSvd(sparse([[0, 0, 0]]), 2, 1)).values).toEqual([]);
});
