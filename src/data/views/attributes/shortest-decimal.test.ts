import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shortestDecimal } from './shortest-decimal.ts';

it('is the decimal that was written, where that has few digits', () => {
  const written = fc.tuple(fc.integer({ min: -999_999, max: 999_999 }), fc.integer({ min: -20, max: 20 }));
  fc.assert(
    fc.property(written, ([digits, exponent]) => {
      const number = Number(`${digits}e${exponent}`);
      expect(Number(shortestDecimal(Math.fround(number)))).toBe(number);
    }),
  );
  expect(shortestDecimal(Math.fround(9.99))).toBe('9.99');
});

it('is the same float again', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (float) => {
      expect(Math.fround(Number(shortestDecimal(float)))).toBe(float + 0);
    }),
  );
});
