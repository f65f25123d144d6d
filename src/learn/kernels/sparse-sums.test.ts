import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SparseSums } from './sparse-sums.ts';

const columnCount = 40;
const row = fc.array(fc.tuple(fc.nat(columnCount - 1), fc.float({ min: Math.fround(1e-6), max: 50, noNaN: true })), {
  maxLength: 100,
});
const matrix = fc.array(row, { minLength: 1, maxLength: 6 });

const sparse = (rows: readonly (readonly (readonly [column: number, value: number])[])[]) => ({
  offsets: Uint32Array.from([0, ...rows.map((_, n) => rows.slice(0, n + 1).flat().length)]),
  indices: Uint32Array.from(rows.flat(), ([column]) => column),
  values: Float32Array.from(rows.flat(), ([, value]) => value),
});

test('adds up rows and their logarithms as plain sums do, time after time', () => {
  const picks = fc.array(fc.record({ which: fc.nat(1), offset: fc.nat(), weight: fc.constantFrom(0.027, 0.3, 1) }));
  const rounds = fc.array(
    fc.record({ picks, factor: fc.constantFrom(1e-3, 1, 1000), weight: fc.constantFrom(0.2, 1) }),
  );
  fc.assert(
    fc.property(fc.tuple(matrix, matrix), rounds, (matrices, all) => {
      const sums = new SparseSums(columnCount, matrices.map(sparse));
      const totals = new Float64Array(columnCount);
      for (const { picks, factor, weight } of all) {
        const plain = new Float64Array(columnCount);
        for (const { which, offset, weight } of picks) {
          const rows = matrices[which] ?? [];
          sums.add(which, offset % rows.length, weight);
          for (const [column, value] of rows[offset % rows.length] ?? []) plain[column] += weight * value;
        }
        expect(sums.sum).toBeCloseTo(
          plain.reduce((all, sum) => all + sum, 0),
          2,
        );
        sums.addLogs(factor, weight);
        plain.forEach((sum, column) => {
          totals[column] += weight * Math.log1p(factor * sum);
        });
      }
      totals.forEach((total, column) => {
        expect(Math.abs(sums.totals[column] - total)).toBeLessThan(1e-6 * (1 + all.length) * Math.max(1, total));
      });
    }),
  );
});

test('adds to what its user begins with', () => {
  const sums = new SparseSums(3, [
    sparse([
      [],
      [
        [2, 2],
        [1, 3],
      ],
    ]),
  ]);
  sums.totals.set([-1, -2, -3]);
  sums.add(0, 0, 1);
  sums.add(0, 1, 0.5);
  sums.addLogs(1, 2);
  expect(sums.totals[0]).toBe(-1);
  expect(sums.totals[1]).toBeCloseTo(-2 + 2 * Math.log(2.5), 5);
  expect(sums.totals[2]).toBeCloseTo(-3 + 2 * Math.log(2), 5);
});

test('takes rows of any length', () => {
  const sums = new SparseSums(3, [sparse([Array.from({ length: 10_001 }, (_, n) => [2 - (n % 2), 1] as const)])]);
  sums.add(0, 0, 0.5);
  sums.addLogs(1, 1);
  expect(sums.totals[2]).toBeCloseTo(Math.log(2501.5), 5);
  expect(sums.totals[1]).toBeCloseTo(Math.log(2501), 5);
});

test('adds any number of rows, empty ones among them', () => {
  const sums = new SparseSums(3, [sparse([[], [[1, 2]], [], [[2, 1]]])]);
  for (let n = 0; n < 1000; n++) sums.add(0, n % 4, 1);
  sums.addLogs(1, 1);
  expect(sums.totals[0]).toBe(0);
  expect(sums.totals[1]).toBeCloseTo(Math.log(501), 5);
  expect(sums.totals[2]).toBeCloseTo(Math.log(251), 5);
});
