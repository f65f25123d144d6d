import fc from 'fast-check';
import { expect, test } from 'vitest';
import { historiesOf } from '../transformer/transformer.fixture.ts';
import { nearPairs } from './near-pairs.ts';
import type { PairRange } from './near-pairs-problem.ts';

/** So many that several threads share the rows. */
const itemCount = 9000;
const { signal } = new AbortController();

const range = fc.record({
  before: fc.nat(3),
  after: fc.nat(3),
  itself: fc.boolean(),
  most: fc.integer({ min: 1, max: 6 }),
});
const item = fc.nat(6).map((n) => 1499 * n);
const users = fc.array(fc.array(item, { minLength: 2, maxLength: 12 }), { maxLength: 8 });

/** What stands near `item`, and its value. */
function plainly(users: readonly (readonly number[])[], item: number, { before, after, itself }: PairRange) {
  const values = new Map<number, number>();
  const count = users.flat().filter((each) => each === item).length;
  for (const history of users) {
    for (const [at, own] of history.entries()) {
      for (const [near, other] of history.entries()) {
        const isNear = near !== at && at - near <= before && near - at <= after;
        if (own !== item || !isNear || (other === item && !itself)) continue;
        values.set(other, (values.get(other) ?? 0) + 1 / Math.abs(near - at) / (count + 2));
      }
    }
  }
  return values;
}

test('adds up what stands near each item, as plain sums over all pairs do', async () => {
  await fc.assert(
    fc.asyncProperty(users, fc.array(range, { minLength: 1, maxLength: 2 }), async (users, ranges) => {
      const found = await nearPairs(historiesOf(users), itemCount, ranges, signal);
      for (const [n, { offsets, indices, values }] of found.entries()) {
        const used = new Set(users.flat());
        for (const item of used) {
          const expected = plainly(users, item, ranges[n]);
          const greatest = [...expected.values()].sort((a, b) => b - a).slice(0, ranges[n].most);
          expect(offsets[item + 1] - offsets[item]).toBe(greatest.length);
          for (const [k, value] of greatest.entries()) {
            const at = offsets[item] + k;
            expect(values[at]).toBeCloseTo(value, 5);
            expect(expected.get(indices[at])).toBeCloseTo(value, 5);
          }
        }
        expect(offsets[itemCount]).toBe([...used].reduce((sum, item) => sum + offsets[item + 1] - offsets[item], 0));
      }
    }),
    { numRuns: 20 },
  );
});

test('an abort ends the work with the reason', async () => {
  const reason = new Error('stopped');
  await expect(nearPairs(historiesOf([[0, 1]]), 2, [], AbortSignal.abort(reason))).rejects.toBe(reason);
});
