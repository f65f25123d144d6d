import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BitGather, nowhere } from './bit-gather.ts';
import { hasBit } from './bits.ts';
import { uniforms } from './random.ts';

/** Some of the numbers below `size` in random order. */
function positionsBelow(size: number, share: number, random: () => number): Uint32Array {
  const numbers = Array.from({ length: size }, (_, n) => ({ n, key: random() }));
  const shuffled = numbers.sort((a, b) => a.key - b.key).map(({ n }) => n);
  return Uint32Array.from(shuffled.slice(0, Math.ceil(share * size)));
}

test('takes each bit from its position, be few set, many or nearly all', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const setShare = fc.oneof(fc.constantFrom(0, 0.005, 0.5, 0.995, 1), share);
  fc.assert(
    fc.property(fc.nat(3000), share, setShare, fc.nat(), (size, known, set, seed) => {
      const random = uniforms(seed);
      const positions = positionsBelow(size, known, random);
      const numbers = new Uint32Array(size).fill(nowhere);
      positions.forEach((position, n) => {
        numbers[position] = n;
      });
      const gather = new BitGather(positions, numbers);
      expect(Array.from(positions, (position) => gather.numberAt(position))).toEqual(Array.from(positions.keys()));
      expect(gather.numberAt(size)).toBe(-1);
      // Further bits, which the positions do not speak of.
      const source = new Uint32Array(Math.ceil(size / 32) + 2).fill(0xffffffff);
      for (let n = 0; n < size; n++) if (random() >= set) source[n >>> 5] &= ~(1 << (n & 31));
      const bits = gather.gather(source);
      expect(bits.length).toBe(Math.ceil(positions.length / 32));
      const found = Array.from({ length: 32 * bits.length }, (_, n) => hasBit(bits, n));
      const expected = found.map((_, n) => n < positions.length && hasBit(source, positions[n]));
      expect(found).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
