import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countAtLeast } from './count-at-least.ts';

const reference = (values: Float32Array, bound: number) => values.filter((value) => value >= bound).length;

test('counts as the reference implementation does', () => {
  const number = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.float({ noNaN: true }));
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 100 }), fc.nat(), (numbers, at) => {
      const values = Float32Array.from(numbers);
      const bound = values[at % values.length];
      expect(countAtLeast(values, bound)).toBe(reference(values, bound));
    }),
  );
});

test('takes more values than go through the kernel at once', () => {
  const values = Float32Array.from({ length: 40_003 }, (_, n) => n % 17);
  expect(countAtLeast(values, 5)).toBe(reference(values, 5));
});
