import { expect, it } from 'vitest';
import { GrowingArray, sharedLongs, sharedShorts } from './growing-array.ts';

it('keeps what it holds while it grows, in place and beyond what it has set aside', () => {
  const array = new GrowingArray(sharedShorts);
  const count = 3_000_000;
  for (let n = 0; n < count; n = Math.ceil(1.3 * n) + 1) {
    array.reserve(n + 1);
    array.values[n] = n % 65_536;
    const all = array.first(n + 1);
    expect([all.length, all[n]]).toEqual([n + 1, n % 65_536]);
  }
  const set: number[] = [];
  for (let n = 0; n < count; n = Math.ceil(1.3 * n) + 1) set.push(n);
  expect(set.filter((n) => array.values[n] !== n % 65_536)).toEqual([]);
  // What was never set is 0.
  expect(array.values.filter((value) => value !== 0).length).toBe(set.filter((n) => n % 65_536 !== 0).length);
});

it('takes hardly more memory than it needs', () => {
  const array = new GrowingArray(sharedLongs);
  expect(array.bytes).toBeLessThan(10_000);
  for (const count of [10_000, 100_000, 131_072, 1_000_000]) {
    array.reserve(count);
    expect(array.bytes / 8 / count).toBeGreaterThanOrEqual(1);
    expect(array.bytes / 8 / count).toBeLessThan(1.2);
  }
});
