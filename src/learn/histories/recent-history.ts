import type { RecentEvents } from '../../data/views/live/live-histories.ts';
import type { History } from './histories.ts';
import { codeOf, type InteractionColumn } from './interaction-columns.ts';

/**
 * The history with the events that came after it, by time; of one moment, they come last. Their columns get the codes
 * that the training gave.
 *
 * @param indexOf -1 for items that the model does not know: events on them are left out
 */
export function withRecent(
  history: History,
  recent: RecentEvents,
  indexOf: (id: string) => number,
  columns: readonly InteractionColumn[],
): History {
  const added = coded(recent, indexOf, columns);
  return added.items.length === 0 ? history : merged(history, added);
}

function coded(
  { items, timestamps, columns: values }: RecentEvents,
  indexOf: (id: string) => number,
  columns: readonly InteractionColumn[],
): History {
  const indexes = Int32Array.from(items, indexOf);
  const positions = Uint32Array.from(indexes.keys()).filter((position) => indexes[position] >= 0);
  return {
    items: positions.map((position) => indexes[position]),
    timestamps: Float64Array.from(positions, (position) => timestamps[position]),
    codes: columns.map((column) =>
      Uint8Array.from(positions, (position) => codeOf(column, values.get(column.name)?.[position])),
    ),
  };
}

function merged(one: History, other: History): History {
  const [first, second] = [one.items.length, other.items.length];
  /** Positions among those of both, one after the other. */
  const order = new Uint32Array(first + second);
  for (let at = 0, a = 0, b = 0; at < order.length; at++) {
    const takesFirst = b === second || (a < first && one.timestamps[a] <= other.timestamps[b]);
    order[at] = takesFirst ? a++ : first + b++;
  }
  const from = (a: ArrayLike<number>, b: ArrayLike<number>) => (position: number) =>
    position < first ? a[position] : b[position - first];
  return {
    user: one.user,
    items: Uint32Array.from(order, from(one.items, other.items)),
    timestamps: Float64Array.from(order, from(one.timestamps, other.timestamps)),
    codes: other.codes.map((codes, column) => Uint8Array.from(order, from(one.codes[column], codes))),
  };
}
