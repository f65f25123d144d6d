import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Gram, regressItems } from './item-regression.ts';

const { signal } = new AbortController();

/** Which user had which items, as a dense matrix. */
const matrices = fc
  .tuple(fc.integer({ min: 2, max: 8 }), fc.integer({ min: 1, max: 30 }))
  .chain(([items, users]) =>
    fc.array(fc.array(fc.boolean(), { minLength: items, maxLength: items }), { minLength: users, maxLength: users }),
  );

type Matrix = readonly (readonly boolean[])[];

const common = (matrix: Matrix, a: number, b: number) => matrix.filter((user) => user[a] && user[b]).length;

/** All pairs, those with most in common first. */
function gramOf(matrix: Matrix): Gram {
  const items = matrix[0]?.length ?? 0;
  const rows = Array.from({ length: items }, (_, item) =>
    Array.from({ length: items }, (_, other) => ({ other, value: common(matrix, item, other) }))
      .filter(({ other, value }) => other !== item && value > 0)
      .sort((a, b) => b.value - a.value),
  );
  const offsets = new Uint32Array(items + 1);
  rows.forEach((row, item) => {
    offsets[item + 1] = offsets[item] + row.length;
  });
  return {
    together: {
      offsets,
      indices: Uint32Array.from(rows.flat(), ({ other }) => other),
      values: Float32Array.from(rows.flat(), ({ value }) => value),
    },
    own: Float32Array.from({ length: items }, (_, item) => common(matrix, item, item)),
  };
}

/** The weights as a matrix: how much having the first item speaks for the second. */
async function weightsOf(gram: Gram, most: number): Promise<number[][]> {
  const { offsets, indices, values } = await regressItems(gram, most, signal);
  return Array.from(gram.own, (_, item) => {
    const row = new Array<number>(gram.own.length).fill(0);
    for (let at = offsets[item]; at < offsets[item + 1]; at++) row[indices[at]] = values[at];
    return row;
  });
}

/**
 * Of predicting who has an item from what else they have: Σ over users of squared errors, plus 10 times those of the
 * weights.
 */
function errorOf(matrix: Matrix, item: number, weights: readonly number[]): number {
  const errors = matrix.map((user) => {
    const predicted = weights.reduce((sum, weight, other) => sum + (user[other] && other !== item ? weight : 0), 0);
    return (Number(user[item]) - predicted) ** 2;
  });
  return [...errors, ...weights.map((weight) => 10 * weight ** 2)].reduce((sum, each) => sum + each, 0);
}

describe('regressItems', () => {
  it('predicts each item from the others with the least error, by weights of 0 or more', async () => {
    await fc.assert(
      fc.asyncProperty(matrices, async (matrix) => {
        const all = await weightsOf(gramOf(matrix), 8);
        for (const item of all.keys()) {
          const weights = all.map((row) => row[item]);
          expect(Math.min(...weights)).toBe(0);
          for (const other of weights.keys()) {
            if (other === item) continue;
            for (const move of [0.05, -0.05]) {
              const near = weights.with(other, Math.max(0, weights[other] + move));
              expect(errorOf(matrix, item, weights)).toBeLessThanOrEqual(errorOf(matrix, item, near) + 1e-3);
            }
          }
        }
      }),
    );
  });

  it('lets what is behind another item speak little', async () => {
    // Users have item 2 because of item 1; that they mostly have item 0 too is by the way.
    const users = Array.from({ length: 300 }, (_, n) => [
      n % 3 === 0 || n % 5 === 0,
      n % 3 === 0,
      n % 3 === 0 && n % 4 > 0,
    ]);
    const [behind, before] = await weightsOf(gramOf(users), 8);
    expect(behind?.[2]).toBeLessThan(0.25 * (before?.[2] ?? 0));
  });

  it('predicts an item from no more others than it is told to', async () => {
    const users = Array.from({ length: 20 }, () => [true, true, true, true]);
    const weights = await weightsOf(gramOf(users), 2);
    for (const item of weights.keys()) expect(weights.filter((row) => row[item] > 0)).toHaveLength(2);
  });
});
