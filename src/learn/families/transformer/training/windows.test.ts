import fc from 'fast-check';
import { expect, it } from 'vitest';
import { historiesOf } from '../transformer.fixture.ts';
import { batchesOf } from './windows.ts';

const shape = { rows: 3, length: 5 };
const anyUsers = fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 23 }), { minLength: 1 });
const sorted = (pairs: string[]) => pairs.sort();

it('has every interaction with the one after it once an epoch, wherever the histories are cut', () => {
  fc.assert(
    fc.property(anyUsers, fc.integer(), fc.nat(5), (users, seed, epoch) => {
      const pairs: string[] = [];
      for (const { items, targets, weights } of batchesOf(historiesOf(users), shape, seed, epoch)) {
        items.forEach((item, at) => {
          if (weights[at] === 1) pairs.push(`${item} ${targets[at]}`);
        });
      }
      const expected = users.flatMap((items) => items.slice(1).map((next, n) => `${items[n]} ${next}`));
      expect(sorted(pairs)).toEqual(sorted(expected));
    }),
  );
});

it('tells the windows of a row apart, and counts positions from the start of each', () => {
  fc.assert(
    fc.property(anyUsers, fc.integer(), (users, seed) => {
      for (const { items, targets, weights, positions, segments } of batchesOf(historiesOf(users), shape, seed, 1)) {
        for (let at = 0; at < items.length; at++) {
          if (weights[at] === 0) {
            expect(segments[at]).toBe(0);
            continue;
          }
          const continues = at % shape.length > 0 && segments[at] === segments[at - 1];
          expect(positions[at]).toBe(continues ? positions[at - 1] + 1 : 0);
          // Within a window each target is the next item.
          if (continues) expect(targets[at - 1]).toBe(items[at]);
        }
      }
    }),
  );
});

it('is the same for the same seed and epoch, and another in another epoch', () => {
  const users = Array.from({ length: 40 }, (_, user) => Array.from({ length: 12 }, (_, n) => user + n));
  const epoch = (number: number) => [...batchesOf(historiesOf(users), shape, 7, number)];
  expect(epoch(1)).toEqual(epoch(1));
  expect(epoch(1)).not.toEqual(epoch(2));
});
