import { emptyHistories, type Histories, historyOf, userCount } from '../../learn/histories/histories.ts';
import { hideItems } from './cold-items.ts';
import type { Protocol, QueryRange } from './protocol.ts';

/**
 * A tenth of the items of the items file, drawn by the seed, lose all their interactions; all others train. Where one
 * of two neighbours in a history is such an item, the second is to be found by the first alone.
 */
export const relatedColdItems: Protocol = {
  name: 'related-cold-items',
  asksFor: 'related items',
  needsTest: false,
  needsItems: true,
  keepsSeen: false,
  onlyTrainedItems: false,
  seeded: true,
  split: (events, seed) => pairsLast(events.histories, hideItems(events, seed)),
};

/** Each history without its hidden items, and behind it the pairs of neighbours with a hidden item. */
function pairsLast(histories: Histories, hidden: Uint8Array) {
  const users = userCount(histories);
  const training = new Uint32Array(users);
  const reordered = emptyHistories(users, 3 * histories.items.length);
  const queries = { besideCold: [] as QueryRange[], coldBeside: [] as QueryRange[] };
  let end = 0;
  const add = (item: number, time: number) => {
    reordered.items[end] = item;
    reordered.timestamps[end] = time;
    end++;
  };
  for (let user = 0; user < users; user++) {
    const begin = end;
    const { items, timestamps } = historyOf(histories, user);
    items.forEach((item, at) => {
      if (hidden[item] === 0) add(item, timestamps[at]);
    });
    training[user] = end - begin;
    for (let at = 1; at < items.length; at++) {
      if (hidden[items[at - 1]] === hidden[items[at]]) continue;
      const since = end - begin;
      add(items[at - 1], timestamps[at - 1]);
      add(items[at], timestamps[at]);
      const kind = hidden[items[at]] === 1 ? 'coldBeside' : 'besideCold';
      queries[kind].push({ user, since, from: since + 1, to: since + 2 });
    }
    reordered.offsets[user + 1] = end;
  }
  return { histories: reordered, training, queries };
}
