import { emptyHistories, type Histories, historyOf, userCount } from '../../learn/histories/histories.ts';
import { uniforms } from '../../learn/kernels/random.ts';
import type { Events } from '../readers/events.ts';
import type { Protocol, QueryRange } from './protocol.ts';

const hiddenShare = 0.1;

/**
 * A tenth of the items of the items file, drawn by the seed, lose all their interactions; all others train. Users who
 * had any of them are asked twice for those: among these items alone, and among all.
 */
export const coldItems: Protocol = {
  name: 'cold-items',
  needsTest: false,
  needsItems: true,
  keepsSeen: false,
  onlyTrainedItems: false,
  seeded: true,
  split({ histories, items, listed }, seed) {
    const hidden = hideItems({ items, listed }, seed);
    const { reordered, known } = hiddenLast(histories, hidden);
    const asked: QueryRange[] = [];
    known.forEach((from, user) => {
      const to = historyOf(histories, user).items.length;
      if (from > 0 && from < to) asked.push({ user, from, to });
    });
    return { histories: reordered, training: known, queries: { cold: asked, user: asked } };
  },
};

/** A tenth of the items of the items file, as 1 for each, drawn by the seed. */
export function hideItems({ items, listed }: Pick<Events, 'items' | 'listed'>, seed: number): Uint8Array {
  const random = uniforms(seed);
  return Uint8Array.from({ length: items.size }, (_, item) => (random() < hiddenShare && listed[item] === 1 ? 1 : 0));
}

/** Each history with the interactions of hidden items at its end, and how many come before them. */
function hiddenLast(histories: Histories, hidden: Uint8Array) {
  const users = userCount(histories);
  const known = new Uint32Array(users);
  const reordered = emptyHistories(users, histories.items.length, histories.columns);
  let end = 0;
  for (let user = 0; user < users; user++) {
    const { items, timestamps, codes } = historyOf(histories, user);
    for (const part of [0, 1]) {
      items.forEach((item, at) => {
        if (hidden[item] !== part) return;
        reordered.items[end] = item;
        reordered.timestamps[end] = timestamps[at];
        for (const [column, values] of codes.entries()) {
          const copied = reordered.codes[column];
          if (copied) copied[end] = values[at];
        }
        end++;
      });
      if (part === 0) known[user] = end - reordered.offsets[user];
    }
    reordered.offsets[user + 1] = end;
  }
  return { reordered, known };
}
