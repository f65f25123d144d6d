import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isDecimal } from './decimal.ts';

it.each(['0', '-1', '+1', '0.5', '.5', '5.', '1e3', '1.5E-7', '007'])('takes %j', (text) => {
  expect(isDecimal(text)).toBe(true);
});

it.each(['', ' ', ' 0.5 ', '0.5\n', '0x1', '0b1', '0o7', '1_000', '1,5', '.', 'e3', '1e', 'Infinity', 'NaN', '٣'])(
  'does not take %j',
  (text) => {
    expect(isDecimal(text)).toBe(false);
  },
);

it('takes every finite number as it is written out', () => {
  fc.assert(
    fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (number) => {
      expect(isDecimal(String(number))).toBe(true);
    }),
  );
});

it('takes time that grows with the length of a text', () => {
  // A pattern that backtracks takes many minutes for it.
  expect(isDecimal(`${'1'.repeat(1_000_000)}x`)).toBe(false);
});
