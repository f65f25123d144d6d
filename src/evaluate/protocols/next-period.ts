import { historyBefore, lengthOf, userCount } from '../../learn/histories/histories.ts';
import type { Protocol, QueryRange } from './protocol.ts';

/** Share of the events, the newest ones, that are to be found. */
const testShare = 0.1;

/**
 * A moment cuts all histories: what is older trains, and all that users do from then on is to be found, be they known
 * or new. What they had before stays in the rankings, as in lists that are the same for everybody.
 */
export const nextPeriod: Protocol = {
  name: 'next-period',
  needsTest: false,
  keepsSeen: true,
  onlyTrainedItems: false,
  seeded: false,
  split({ histories }) {
    const times = histories.timestamps.slice().sort();
    const testBegins = times[Math.floor(times.length * (1 - testShare))] ?? Number.POSITIVE_INFINITY;
    const training = new Uint32Array(userCount(histories));
    const queries: QueryRange[] = [];
    for (let user = 0; user < training.length; user++) {
      const to = lengthOf(histories, user);
      const from = historyBefore(histories, user, testBegins).items.length;
      training[user] = from;
      if (from < to) queries.push({ user, from, to });
    }
    return { training, queries: { user: queries } };
  },
};
