import { expect, it } from 'vitest';
import { withFreshFactors } from './fresh-factors.ts';

const csr = (...rows: number[][]) => ({
  rows: rows.length,
  columns: 4,
  offsets: Uint32Array.of(0, ...rows.map((_, n) => rows.slice(0, n + 1).flat().length)),
  indices: Uint32Array.from(rows.flat()),
});
const factors = Float32Array.of(1, 2, 0, 0, 0, 0, 0, 0);

it('gives factors to items that only users of such items have', () => {
  const fresh = withFreshFactors(factors, csr([0, 1], [2], [2, 3]), 7);
  expect([...fresh.subarray(0, 4)]).toEqual([1, 2, 0, 0]);
  expect(fresh.subarray(4).every((value) => value !== 0 && Math.abs(value) < 1)).toBe(true);
});

it('leaves all as they are where some user of an item has one with factors', () => {
  expect(withFreshFactors(factors, csr([0, 1], [0, 2, 3], [3]), 7)).toBe(factors);
});
