import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { and, eligibleCount, eligibleItems, isEligible, maskOf, maskWhere, maskWithout, not, or } from './item-mask.ts';

/** Masks over one number of items, empty and full ones among them. */
const masks = fc.nat(200).chain((size) => {
  const mask = fc
    .oneof(fc.constant([]), fc.constant([...Array(size).keys()]), fc.uniqueArray(fc.nat(Math.max(size - 1, 0))))
    .map((items) => maskOf(size, size === 0 ? [] : items));
  return fc.tuple(mask, mask, mask);
});

describe('masks', () => {
  it('have the items that they are made of, and count them', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(199)), fc.constantFrom('own' as const, 'shared' as const), (items, sharing) => {
        const mask = maskOf(200, items, sharing);
        expect([...eligibleItems(mask)]).toEqual(items.toSorted((a, b) => a - b));
        expect(eligibleCount(mask)).toBe(items.length);
        expect(maskWhere(200, (item) => items.includes(item), sharing)).toEqual(mask);
        expect(eligibleItems(maskWithout(200, items))).toEqual(eligibleItems(not(mask)));
        for (const item of [0, 31, 32, 199, 200]) expect(isEligible(mask, item)).toBe(items.includes(item));
      }),
    );
  });

  it('join as sets do', () => {
    fc.assert(
      fc.property(masks, ([a, b, c]) => {
        const both = (items: Iterable<number>) => [...items].filter((item) => isEligible(b, item));
        expect([...eligibleItems(and(a, b))]).toEqual(both(eligibleItems(a)));
        expect(eligibleItems(or(a, b))).toEqual(
          Uint32Array.from(new Set([...eligibleItems(a), ...eligibleItems(b)])).sort(),
        );
        expect(not(not(a))).toEqual(a);
        expect(eligibleCount(not(a))).toBe(a.size - eligibleCount(a));
        expect(eligibleCount(and(a, not(a)))).toBe(0);
        expect(eligibleCount(or(a, not(a)))).toBe(a.size);
        expect(not(and(a, b))).toEqual(or(not(a), not(b)));
        expect(and(a, or(b, c))).toEqual(or(and(a, b), and(a, c)));
        expect(and(and(a, b), c)).toEqual(and(a, and(b, c)));
        expect(or(a, b)).toEqual(or(b, a));
      }),
    );
  });

  it('travel to another thread: words in shared memory stay where they are', () => {
    const own = maskOf(40, [3, 39]);
    expect(structuredClone(own)).toEqual(own);
    const shared = maskOf(40, [3, 39], 'shared');
    const there = structuredClone(shared);
    shared.words[0] = 0;
    expect([...eligibleItems(there)]).toEqual([39]);
  });

  it('are refused where they do not fit', () => {
    expect(() => maskOf(5, [5])).toThrow(new RangeError('There is no item 5 among 5.'));
    expect(() => maskOf(5, [-1])).toThrow(RangeError);
    expect(() => and(maskOf(5, []), maskOf(6, []))).toThrow('A mask of 5 items meets one of 6.');
  });
});
