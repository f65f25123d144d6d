import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countBits, positionsOfBits } from './bits.ts';

test('positions are those of the bits that are set, and the count is theirs', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(500)), fc.nat(3), (positions, more) => {
      const words = new Uint32Array(16 + more);
      for (const position of positions) words[position >> 5] |= 1 << (position & 31);
      expect([...positionsOfBits(words)]).toEqual(positions.toSorted((a, b) => a - b));
      expect(countBits(words)).toBe(positions.length);
    }),
  );
  expect(countBits(Uint32Array.of(0xffffffff, 0, 0x80000001))).toBe(34);
});
