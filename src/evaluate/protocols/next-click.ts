import { lengthOf } from '../../learn/histories/histories.ts';
import type { Protocol, QueryRange } from './protocol.ts';

/**
 * The dataset trains; each event of the test file that follows another of its user (there, a session) is a query, to
 * which all before it is the input. Items seen stay in the ranking. (As in Hidasi et al. 2016.)
 */
export const nextClick: Protocol = {
  name: 'next-click',
  needsTest: true,
  keepsSeen: true,
  onlyTrainedItems: false,
  seeded: false,
  split({ histories, given }) {
    const queries: QueryRange[] = [];
    given.forEach((count, user) => {
      for (let at = Math.max(count, 1); at < lengthOf(histories, user); at++) {
        queries.push({ user, from: at, to: at + 1 });
      }
    });
    return { training: given, queries: { event: queries } };
  },
};
