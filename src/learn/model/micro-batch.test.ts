import { expect, test } from 'vitest';
import { microBatched } from './micro-batch.ts';

test('answers the questions of one turn together, each with its own answer', async () => {
  const groups: number[] = [];
  const square = microBatched((numbers: readonly number[]) => {
    groups.push(numbers.length);
    return numbers.map((number) => number ** 2);
  });
  expect(await Promise.all([square(1), square(2), square(3)])).toEqual([1, 4, 9]);
  expect(await square(4)).toBe(16);
  expect(groups).toEqual([3, 1]);
});

test('fails for all who asked together, and for nobody after', async () => {
  const reciprocal = microBatched((numbers: readonly number[]) => {
    if (numbers.includes(0)) throw new RangeError('0 has none');
    return numbers.map((number) => 1 / number);
  });
  const outcomes = await Promise.allSettled([reciprocal(2), reciprocal(0)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await reciprocal(4)).toBe(0.25);
});
