import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EventStore } from './event-store.ts';
import { expected, found, items, sessions, types, users } from './events-by-type.fixture.ts';

const event = fc.record({
  user: fc.constantFrom('', '', ...users),
  session: fc.constantFrom(...sessions),
  item: fc.constantFrom('', ...items),
  type: fc.constantFrom('', ...types),
  time: fc.integer({ min: 0, max: 30 }),
});

it('holds what a plain reference has of a stream, event after event', () => {
  fc.assert(
    fc.property(
      fc.array(event, { maxLength: 150, size: 'max' }),
      fc.constantFrom(0, 1, 2, 3, 4, 5, 7, 100),
      (events, limit) => {
        const store = new EventStore(limit);
        for (const { user: userId, session: sessionId, item: itemId, type: eventType, time } of events) {
          store.add({ userId, sessionId, itemId, eventType, time });
        }
        expect(found(store)).toEqual(expected(events, limit));
      },
    ),
    { numRuns: 300 },
  );
});

it('holds the newest of very many, in whatever order they come', () => {
  const count = 50_000;
  const [few, all] = [new EventStore(100), new EventStore(1_000_000_000)];
  for (let n = 0; n < count; n++) {
    const time = (n * 7919) % count;
    const added = { userId: 'u', sessionId: 's', itemId: `item-${time}`, eventType: 'watch', time };
    few.add(added);
    all.add({ ...added, time: n });
  }
  const newest = Array.from({ length: 100 }, (_, n) => `item-${count - 100 + n}`);
  expect(Array.from(few.find('u').get('watch') ?? [], (n) => few.itemId(n))).toEqual(newest);
  expect(new Set(all.find('u').get('watch')).size).toBe(count);
});

it('takes the room of sessions that have found their user for the next ones', () => {
  const store = new EventStore(100);
  const visits = (round: number) => {
    const ids = Array.from({ length: 100 }, (_, n) => `s${round}-${n}`);
    for (const sessionId of ids) {
      for (let item = 0; item < 6; item++) {
        store.add({ userId: '', sessionId, itemId: `i${item}`, eventType: item < 3 ? 'watch' : 'buy', time: item });
      }
    }
    for (const sessionId of ids) store.add({ userId: 'u', sessionId, itemId: '', eventType: '', time: 0 });
  };
  const bytes = () => store.bytes - store.sessions.bytes;
  visits(0);
  const before = bytes();
  for (let round = 1; round < 400; round++) visits(round);
  expect(bytes()).toBe(before);
});
