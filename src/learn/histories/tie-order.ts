import { type Histories, type History, historyOf, userCount } from './histories.ts';

/**
 * The history with the interactions of one moment in a new random order: the one that the data has them in is an
 * accident, from which nothing should be learned. Without such interactions it is the history itself.
 */
export const drawTies = (history: History, random: () => number): History => reorderTies(history, random);

/** The same for all histories, in the arrays that they have. */
export function drawAllTies(histories: Histories, random: () => number): void {
  for (let user = 0; user < userCount(histories); user++) {
    const history = historyOf(histories, user);
    const { items, codes } = drawTies(history, random);
    if (items === history.items) continue;
    history.items.set(items);
    for (const [column, values] of codes.entries()) history.codes[column]?.set(values);
  }
}

/**
 * The history with the interactions of one moment in an order that is the same whatever order they come in, and no more
 * than another.
 */
export const settleTies = (history: History): History => reorderTies(history, scramble);

/** One of 2³² numbers for an item, which says nothing of its index (the finalizer of MurmurHash3, Appleby 2016). */
function scramble(item: number): number {
  let hash = item + 1;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** By a key of each interaction's item among those of the same moment. */
function reorderTies(history: History, keyOf: (item: number) => number): History {
  const { items, timestamps, codes } = history;
  if (!hasTies(history)) return history;
  const keys = Float64Array.from(items, keyOf);
  const order = Uint32Array.from(items.keys()).sort((a, b) => timestamps[a] - timestamps[b] || keys[a] - keys[b]);
  return {
    ...history,
    items: order.map((position) => items[position]),
    codes: codes.map((column) => Uint8Array.from(order, (position) => column[position])),
  };
}

const hasTies = ({ timestamps }: History) => timestamps.some((time, n) => n > 0 && time === timestamps[n - 1]);
