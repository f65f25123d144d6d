import { copyOf, type Histories, type History, historyOf, userCount } from '../../histories.ts';

/**
 * The history with the interactions of one moment in an order drawn anew: the one that the data has them in is an accident, from which
 * nothing should be learned. Without such interactions it is the history itself.
 */
export function reorderTies(history: History, random: () => number): History {
  if (!hasTies(history)) return history;
  const order = drawOrder(history.timestamps, random);
  return {
    ...history,
    items: order.map((place) => history.items[place] ?? 0),
    codes: history.codes.map((codes) => Uint8Array.from(order, (place) => codes[place] ?? 0)),
  };
}

/** Likewise all histories, in arrays of their own if any of them has two interactions of one moment. */
export function reorderAllTies(histories: Histories, random: () => number): Histories {
  const users = Array.from({ length: userCount(histories) }, (_, user) => user);
  if (!users.some((user) => hasTies(historyOf(histories, user)))) return histories;
  const copy = copyOf(histories);
  for (const user of users) {
    const { items, codes } = reorderTies(historyOf(histories, user), random);
    copy.items.set(items, copy.starts[user]);
    for (const [column, values] of codes.entries()) copy.codes[column]?.set(values, copy.starts[user]);
  }
  return copy;
}

const hasTies = ({ timestamps }: History) => timestamps.some((time, n) => n > 0 && time === timestamps[n - 1]);

/** Places of ascending timestamps, those of equal ones shuffled. */
function drawOrder(timestamps: Float64Array, random: () => number): Uint32Array {
  const order = Uint32Array.from(timestamps, (_, place) => place);
  for (let begin = 0, end = 1; begin < order.length; begin = end++) {
    while (end < order.length && timestamps[end] === timestamps[begin]) end++;
    for (let n = begin; n < end - 1; n++) {
      const other = n + Math.floor(random() * (end - n));
      [order[n], order[other]] = [order[other] ?? 0, order[n] ?? 0];
    }
  }
  return order;
}
