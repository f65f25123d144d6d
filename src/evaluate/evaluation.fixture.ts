import { emptyHistories, type Histories } from '../learn/histories/histories.ts';
import { Vocabulary } from '../learn/model/vocabulary.ts';
import type { Events } from './readers/events.ts';

/** A user's items in order: `a b c`, where `c@7` happened at second 7 and others at their position in the history. */
type Timeline = string;

/** Events of users `given` in the dataset, followed by those of `test` (by user's position, where there are any). */
export function eventsOf(
  given: readonly Timeline[],
  test: readonly Timeline[] = [],
  listed: readonly string[] = [],
): Events {
  const parsed = given.map((timeline, user) => {
    const own = parse(timeline);
    return { own, all: [...own, ...parse(test[user] ?? '')] };
  });
  const ids = new Set([...parsed.flatMap(({ all }) => all.map(({ item }) => item)), ...listed]);
  const items = Vocabulary.of([...ids].sort());
  return {
    histories: historiesOf(parsed.map(({ all }) => all.map(({ item, time }) => [items.indexOf(item), time] as const))),
    given: Uint32Array.from(parsed, ({ own }) => own.length),
    items,
    listed: Uint8Array.from(items, (id) => (listed.includes(id) ? 1 : 0)),
  };
}

function parse(timeline: Timeline) {
  return timeline
    .split(' ')
    .filter(Boolean)
    .map((event, position) => {
      const [item = '', time] = event.split('@');
      return { item, time: time === undefined ? position : Number(time) };
    });
}

/** Histories of users, each a list of (item, time). */
export function historiesOf(users: readonly (readonly (readonly [number, number])[])[]): Histories {
  const histories = emptyHistories(users.length, users.flat().length);
  let end = 0;
  for (const [user, events] of users.entries()) {
    for (const [item, time] of events) {
      histories.items[end] = item;
      histories.timestamps[end] = time;
      end++;
    }
    histories.offsets[user + 1] = end;
  }
  return histories;
}

/** An input of these items, one second apart. */
export const inputOf = (...items: number[]) => ({
  items: Uint32Array.from(items),
  timestamps: Float64Array.from(items, (_, n) => n),
  codes: [],
});
