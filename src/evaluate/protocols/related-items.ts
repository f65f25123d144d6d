import { historyOf, userCount } from '../../learn/histories/histories.ts';
import type { Protocol, QueryRange } from './protocol.ts';

/**
 * The newest interaction of each user is to be found by the one before it alone; all but the newest train. Where the
 * two are of one item there is nothing to be found beside it, and no query.
 */
export const relatedItems: Protocol = {
  name: 'related-items',
  asksFor: 'related items',
  needsTest: false,
  keepsSeen: false,
  onlyTrainedItems: false,
  seeded: false,
  split({ histories }) {
    const training = new Uint32Array(userCount(histories));
    const queries: QueryRange[] = [];
    for (let user = 0; user < training.length; user++) {
      const { items } = historyOf(histories, user);
      const last = items.length - 1;
      training[user] = last < 1 ? items.length : last;
      if (last >= 1 && items[last] !== items[last - 1]) {
        queries.push({ user, since: last - 1, from: last, to: last + 1 });
      }
    }
    return { training, queries: { user: queries } };
  },
};
