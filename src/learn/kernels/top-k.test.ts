import fc from 'fast-check';
import { expect, test } from 'vitest';
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

test('topK leaves out what is excluded', () => {
  fc.assert(
    fc.property(scores, fc.nat(250), fc.infiniteStream(fc.boolean()), (numbers, k, coins) => {
      const array = Float32Array.from(numbers);
      const excluded = Uint8Array.from(array, () => (coins.next().value ? 1 : 0));
      const expected = sorted(array).filter((index) => excluded[index] === 0);
      expect([...topK(array, k, excluded)]).toEqual(expected.slice(0, k));
    }),
  );
});

function sorted(array: Float32Array): number[] {
  const score = (index: number) => array[index];
  return [...array.keys()].sort((a, b) => score(b) - score(a) || a - b);
}
