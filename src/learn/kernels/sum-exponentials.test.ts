import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sumExponentials } from './sum-exponentials.ts';

const twin = (values: Float32Array, highest: number) =>
  values.reduce((sum, value) => sum + Math.exp(value - highest), 0);

test('sums as Math.exp does', () => {
  const logits = fc.float32Array({ min: -200, max: 80, noNaN: true, minLength: 1, maxLength: 100 });
  fc.assert(
    fc.property(logits, (values) => {
      const highest = Math.max(...values);
      expect(sumExponentials(values, highest) / twin(values, highest)).toBeCloseTo(1, 5);
    }),
  );
});

test('takes more values than fit through the kernel at once, and infinities', () => {
  const values = Float32Array.from({ length: 40_003 }, (_, n) => -(n % 17));
  expect(sumExponentials(values, 0) / twin(values, 0)).toBeCloseTo(1, 5);
  expect(sumExponentials(Float32Array.of(-Infinity, 0, -Infinity, 0), 0)).toBeCloseTo(2, 5);
});
