import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SparseSums } from './sparse-sums.ts';

const columnCount = 40;
const entries = fc.array(
  fc.tuple(fc.nat(columnCount - 1), fc.float({ min: Math.fround(1e-6), max: 50, noNaN: true })),
  {
    maxLength: 100,
  },
);
const rows = fc.array(fc.record({ entries, weight: fc.constantFrom(0.027, 0.3, 1) }), { maxLength: 6 });

/** The plain twin. */
function twin(added: readonly { entries: readonly [number, number][]; weight: number }[], factor: number) {
  const sums = new Map<number, number>();
  for (const { entries, weight } of added)
    for (const [column, value] of entries) sums.set(column, (sums.get(column) ?? 0) + weight * value);
  return [...sums].map(([column, sum]) => [column, Math.log1p(factor * sum)] as const);
}

test('adds up rows and takes the logarithms as the plain twin does, time after time', () => {
  const sums = new SparseSums(columnCount);
  fc.assert(
    fc.property(rows, fc.constantFrom(1e-3, 1, 1000), (added, factor) => {
      for (const { entries, weight } of added)
        sums.add(
          {
            indices: Uint32Array.from(entries, ([column]) => column),
            values: Float32Array.from(entries, ([, value]) => value),
          },
          0,
          entries.length,
          weight,
        );
      const total = added.reduce(
        (sum, row) => sum + row.weight * row.entries.reduce((part, [, value]) => part + value, 0),
        0,
      );
      expect(sums.total()).toBeCloseTo(total, 2);
      const { columns, logs } = sums.takeLogs(factor);
      const expected = twin(added, factor);
      expect([...columns]).toEqual(expected.map(([column]) => column));
      expected.forEach(([, log], n) => {
        expect(Math.abs((logs[n] ?? Number.NaN) - log)).toBeLessThan(1e-6 * Math.max(1, log));
      });
    }),
  );
});

test('adds a part of the entries', () => {
  const sums = new SparseSums(3);
  const entries = { indices: Uint32Array.of(0, 2, 1, 2), values: Float32Array.of(1, 2, 3, 4) };
  sums.add(entries, 1, 3, 0.5);
  const { columns, logs } = sums.takeLogs(1);
  expect([...columns]).toEqual([2, 1]);
  expect(logs[0]).toBeCloseTo(Math.log(2), 5);
  expect(logs[1]).toBeCloseTo(Math.log(2.5), 5);
});

test('takes rows of any length', () => {
  const sums = new SparseSums(3);
  const indices = Uint32Array.from({ length: 10_001 }, (_, n) => 2 - (n % 2));
  sums.add({ indices, values: new Float32Array(10_001).fill(1) }, 0, 10_001, 0.5);
  const { columns, logs } = sums.takeLogs(1);
  expect([...columns]).toEqual([2, 1]);
  expect(logs[0]).toBeCloseTo(Math.log(2501.5), 5);
  expect(logs[1]).toBeCloseTo(Math.log(2501), 5);
});
