import fc from 'fast-check';
import { expect, it } from 'vitest';
import { choicesBeside, promotedCount, withPromoted } from './promotions.ts';

const listed = (...ids: string[]) => ids.map((itemId) => ({ itemId }));
const idsOf = (list: readonly { readonly itemId: string }[]) => list.map(({ itemId }) => itemId);

it('promotes a share of the list, rounded up, and at least one item', () => {
  expect([20, 1, 50, 100, 29].map((percent) => promotedCount(percent, 25))).toEqual([5, 1, 13, 25, 8]);
  expect([promotedCount(1, 1), promotedCount(100, 500), promotedCount(7, 100), promotedCount(29, 100)]).toEqual([
    1, 500, 7, 29,
  ]);
});

it('places promoted items by the recommendationId, the same for the same id', () => {
  const place = (address: string) =>
    idsOf(withPromoted(listed('P', 'Q'), listed('a', 'b', 'c', 'd'), { count: 5, address }));
  expect(place('0123456789abcde0007')).toEqual(place('0123456789abcde0007'));
  expect(place('0123456789abcde0007')).toEqual(['P', 'a', 'b', 'c', 'Q']);
});

it('puts promoted items at every choice of positions about as often', () => {
  const seen = new Map<string, number>();
  for (let n = 0; n < 6000; n++) {
    // As the ids of one batch are: they differ in the digits of a counter.
    const address = `0123456789abcde${n.toString(16).padStart(4, '0')}`;
    const list = idsOf(withPromoted(listed('P', 'P'), listed('a', 'a'), { count: 4, address }));
    seen.set(list.join(''), (seen.get(list.join('')) ?? 0) + 1);
  }
  expect([...seen.keys()].sort()).toEqual(['PPaa', 'PaPa', 'PaaP', 'aPPa', 'aPaP', 'aaPP']);
  for (const times of seen.values()) expect(times).toBeGreaterThan(800);
});

it('keeps both orders, shows no item twice, and fills the list', () => {
  const ids = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 2 }), { maxLength: 12 });
  fc.assert(
    fc.property(ids, ids, fc.uuid(), fc.nat(12), (promoted, others, address, more) => {
      const count = promoted.length + more;
      const list = idsOf(withPromoted(listed(...promoted), listed(...others), { count, address }));
      const rest = others.filter((id) => !promoted.includes(id)).slice(0, more);
      expect(list.filter((id) => promoted.includes(id))).toEqual(promoted);
      expect(list.filter((id) => !promoted.includes(id))).toEqual(rest);
      expect(new Set(list).size).toBe(list.length);
    }),
  );
});

it('says where the choices of exploration ended up', () => {
  const choice = (itemId: string, place: number) => ({ itemId, place, explored: true, probability: 0.1 });
  const choices = [choice('new', 0), choice('P', 2), choice('cut', 3)];
  expect(choicesBeside(listed('P'), choices, listed('P', 'a', 'new'))).toEqual([choice('new', 2)]);
});
