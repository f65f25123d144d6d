import { allUsers, emptyHistories, type Histories, interactionCount, userCount } from './histories.ts';

const eventTypeColumn = 'EVENT_TYPE';

/**
 * Whether each interaction, by its position in the arrays, is of this type, in any case. Where all events are of one
 * type there is no column, and they are taken to be of the type.
 */
export function eventTypeTest({ columns, codes }: Histories, eventType: string): (position: number) => boolean {
  const index = columns.findIndex(({ name }) => name === eventTypeColumn);
  const column = columns[index];
  if (column?.kind !== 'categorical') return () => true;
  const wanted = eventType.toLowerCase();
  const isWanted = Uint8Array.of(0, ...column.values.map((type) => (type.toLowerCase() === wanted ? 1 : 0)));
  const own = codes[index];
  return (position) => isWanted[own[position]] === 1;
}

/** The same users with their events of this type alone. */
export function ofEventType(histories: Histories, eventType: string): Histories {
  const isWanted = eventTypeTest(histories, eventType);
  const kept = emptyHistories(userCount(histories), interactionCount(histories), histories.columns);
  let end = 0;
  for (const user of allUsers(histories)) {
    for (let at = histories.starts[user]; at < histories.ends[user]; at++) {
      if (!isWanted(at)) continue;
      kept.items[end] = histories.items[at];
      kept.timestamps[end] = histories.timestamps[at];
      for (const [n, column] of histories.codes.entries()) kept.codes[n][end] = column[at];
      end++;
    }
    kept.offsets[user + 1] = end;
  }
  return kept;
}
