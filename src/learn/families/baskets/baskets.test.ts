import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historiesOf } from '../transformer/transformer.fixture.ts';
import { type TestEvent, typedHistories } from './baskets.fixture.ts';
import { basketsOf, itemsOf } from './baskets.ts';

const itemCount = 6;
const midnight = 19_000 * 86_400;
const at = (hours: number, minutes = 0) => midnight + hours * 3600 + minutes * 60;

/** Each basket as its user and items. */
function baskets(...users: (readonly TestEvent[])[]): string[] {
  const found = basketsOf(typedHistories(users), itemCount);
  return Array.from(found.users, (user, row) => `${user}: ${[...itemsOf(found, row)].join(' ')}`);
}

const bought = (time: number, item: number): TestEvent => [time, 'Purchase', item];
const viewed = (time: number, item: number): TestEvent => [time, 'View', item];

describe('a basket', () => {
  it('is what a user bought on one day, whatever else happened in between, each item once', () => {
    expect(baskets([bought(at(0), 3), viewed(at(9), 4), bought(at(12), 1), bought(at(23, 59), 3)])).toEqual(['0: 1 3']);
  });

  it('ends with the day', () => {
    expect(baskets([bought(at(20), 1), bought(at(24), 2), bought(at(47), 3), bought(at(100), 1)])).toEqual([
      ...['0: 1', '0: 2 3', '0: 1'],
    ]);
  });

  it('goes on over midnight for as long as the session does, which events of all types keep up', () => {
    expect(baskets([bought(at(23, 50), 1), viewed(at(24, 10), 5), bought(at(24, 40), 2)])).toEqual(['0: 1 2']);
    expect(baskets([bought(at(23, 50), 1), viewed(at(24, 10), 5), bought(at(24, 41), 2)])).toEqual(['0: 1', '0: 2']);
  });

  it('is of one user, and of purchases in any case alone', () => {
    expect(baskets([bought(at(1), 1)], [[at(1), 'PURCHASE', 2]], [viewed(at(1), 3)])).toEqual(['0: 1', '1: 2']);
  });

  it('is of all events where these have no types', () => {
    const found = basketsOf(historiesOf([[1, 2]], 60), itemCount);
    expect([...itemsOf(found, 0)]).toEqual([1, 2]);
  });
});

const secondsOfDay = 86_400;
const longestPause = 1800;

/** The same by what joins each two purchases that follow each other. */
function reference(users: readonly (readonly TestEvent[])[]): string[] {
  return users.flatMap((events, user) => {
    const rows: Set<number>[] = [];
    let last: number | undefined;
    events.forEach(([time, type, item], n) => {
      if (type !== 'Purchase') return;
      const joins = (from: number) =>
        Math.floor((events[from]?.[0] ?? 0) / secondsOfDay) === Math.floor(time / secondsOfDay) ||
        events.slice(from, n).every(([begin], k) => (events[from + k + 1]?.[0] ?? 0) - begin <= longestPause);
      if (last === undefined || !joins(last)) rows.push(new Set());
      rows.at(-1)?.add(item);
      last = n;
    });
    return rows.map((row) => `${user}: ${[...row].sort((a, b) => a - b).join(' ')}`);
  });
}

const event = fc.tuple(
  fc.oneof(fc.integer({ min: 0, max: 4 * 48 }), fc.integer({ min: 90, max: 100 })).map((n) => midnight + n * 900),
  fc.constantFrom('Purchase', 'View'),
  fc.nat(itemCount - 1),
);
const users = fc.array(
  fc.array(event, { maxLength: 12 }).map((events) => [...events].sort(([one], [other]) => one - other)),
  { maxLength: 4 },
);

describe('baskets', () => {
  it('are those of the definition', () => {
    fc.assert(
      fc.property(users, (given) => {
        expect(baskets(...given)).toEqual(reference(given));
      }),
    );
  });

  it('do not depend on the order of what happened at one moment, nor on repetition', () => {
    fc.assert(
      fc.property(users, (given) => {
        const reversed = given.map((events) => [...events].reverse().sort(([one], [other]) => one - other));
        const twice = given.map((events) => events.flatMap((one) => [one, one]));
        expect(baskets(...reversed)).toEqual(baskets(...given));
        expect(baskets(...twice)).toEqual(baskets(...given));
      }),
    );
  });
});
