import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasBit } from './bits.ts';
import { topK } from './top-k.ts';

/** Few different scores, so that ties are common. */
const scores = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.float({ noNaN: true })), { maxLength: 200 });

test('topK is the head of the sorted scores, ties by lower index', () => {
  fc.assert(
    fc.property(scores, fc.nat(250), (numbers, k) => {
      const array = Float32Array.from(numbers);
      expect([...topK(array, k)]).toEqual(sorted(array).slice(0, k));
    }),
  );
});

test('topK leaves out what is not eligible', () => {
  fc.assert(
    fc.property(scores, fc.nat(250), fc.infiniteStream(fc.boolean()), (numbers, k, coins) => {
      const array = Float32Array.from(numbers);
      const eligible = new Uint32Array(Math.ceil(array.length / 32));
      for (const index of array.keys()) if (coins.next().value) eligible[index >> 5] |= 1 << (index & 31);
      const expected = sorted(array).filter((index) => hasBit(eligible, index));
      expect([...topK(array, k, eligible)]).toEqual(expected.slice(0, k));
    }),
  );
});

function sorted(array: Float32Array): number[] {
  const score = (index: number) => array[index];
  return [...array.keys()].sort((a, b) => score(b) - score(a) || a - b);
}
