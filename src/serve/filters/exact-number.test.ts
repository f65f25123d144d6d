import fc from 'fast-check';
import { expect, test } from 'vitest';
import { above, below, exactDecimal, exactNumber } from './exact-number.ts';

test.each([
  ['0', 0n, 0n],
  ['-0.0', 0n, 0n],
  ['007', 7n, 7n],
  ['2000.5', 2000n, 2001n],
  ['-2000.5', -2001n, -2000n],
  ['.25', 0n, 1n],
  ['-1e-400', -1n, 0n],
  ['12.50e1', 125n, 125n],
  ['1.2345e2', 123n, 124n],
  ['9223372036854775807', 2n ** 63n - 1n, 2n ** 63n - 1n],
  ['9007199254740993.0', 9007199254740993n, 9007199254740993n],
])('%s lies between the integers %s and %s', (decimal, floor, ceil) => {
  expect(exactDecimal(decimal, 'long')).toEqual({ floor, ceil });
});

test.each(['1e400', '1e999999999999999999999', `1${'0'.repeat(2000)}`])('%s is beyond all integers', (decimal) => {
  expect(exactDecimal(decimal, 'long').floor).toBeGreaterThan(2n ** 63n);
  expect(exactDecimal(`-${decimal}`, 'int').ceil).toBeLessThan(-(2n ** 63n));
});

test('a float is what a cell of the same spelling is', () => {
  expect(exactDecimal('9.99', 'float')).toEqual({ floor: Math.fround(9.99), ceil: Math.fround(9.99) });
  expect(exactDecimal('9.99', 'double')).toEqual({ floor: 9.99, ceil: 9.99 });
  expect(exactNumber(9.99, 'float').floor).toBe(Math.fround(9.99));
  expect(exactNumber(2.5, 'int')).toEqual({ floor: 2n, ceil: 3n });
  expect(exactNumber(2n ** 53n + 1n, 'double').floor).toBe(2 ** 53);
});

test('the neighbours of a float and of a double have none between them', () => {
  const double = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(double, (number) => {
      const up = Number(above(number, 'double'));
      expect(up).toBeGreaterThan(number);
      expect(below(up, 'double')).toBe(number === 0 ? 0 : number);
      expect([number, up]).toContain(number + (up - number) / 2);
    }),
  );
  fc.assert(
    fc.property(double.map(Math.fround), (number) => {
      if (!Number.isFinite(number)) return;
      const up = Number(above(number, 'float'));
      expect(Math.fround(up)).toBe(up);
      expect([number, up].map((each) => each + 0)).toContain(Math.fround(number / 2 + up / 2) + 0);
    }),
  );
  expect(above(Number.POSITIVE_INFINITY, 'float')).toBe(Number.POSITIVE_INFINITY);
  expect(below(Number.POSITIVE_INFINITY, 'double')).toBe(Number.MAX_VALUE);
});
