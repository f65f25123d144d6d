import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskOf } from '../../model/item-mask.ts';
import { ItemRanking } from './item-ranking.ts';

const size = 2000;
const items = Array.from({ length: size }, (_, item) => item);

test('lists the first eligible items in their order, be they few or many', () => {
  const some = fc.oneof(fc.subarray(items, { maxLength: 20 }), fc.subarray(items));
  fc.assert(
    fc.property(fc.shuffledSubarray(items), some, fc.nat(40), (ranking, eligible, count) => {
      const ranked = new ItemRanking(Uint32Array.from(ranking), size);
      const expected = ranking.filter((item) => eligible.includes(item)).slice(0, count);
      expect([...ranked.first({ count, eligible: maskOf(size, eligible) })]).toEqual(expected);
      expect([...ranked.first({ count })]).toEqual(ranking.slice(0, count));
    }),
  );
});
