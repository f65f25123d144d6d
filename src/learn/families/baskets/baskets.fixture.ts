import { emptyHistories, type Histories } from '../../histories/histories.ts';

/** When, of what type and with which item: seconds, `Purchase`, 3. */
export type TestEvent = readonly [time: number, eventType: string, item: number];

/** Histories of these events, those of each user in the order of time. */
export function typedHistories(users: readonly (readonly TestEvent[])[]): Histories {
  const types = [...new Set(users.flat().map(([, type]) => type))];
  const histories = emptyHistories(users.length, users.flat().length, [
    { name: 'EVENT_TYPE', kind: 'categorical', values: types },
  ]);
  let end = 0;
  for (const [user, events] of users.entries()) {
    for (const [time, type, item] of events) {
      histories.items[end] = item;
      histories.timestamps[end] = time;
      histories.codes[0][end] = 1 + types.indexOf(type);
      end++;
    }
    histories.offsets[user + 1] = end;
  }
  return histories;
}
