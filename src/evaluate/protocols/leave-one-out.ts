import { lengthOf, userCount } from '../../learn/histories/histories.ts';
import type { Protocol, QueryRange } from './protocol.ts';

/** A history must leave something to learn from beside the two held-out interactions. */
const shortest = 3;

/**
 * The newest interaction of each user is to be found; the one before it, kept for validation by models that are tuned,
 * does not train but is part of the input. Users with fewer than three train only. (As in Kang and McAuley 2018.)
 */
export const leaveOneOut: Protocol = {
  name: 'leave-one-out',
  needsTest: false,
  keepsSeen: false,
  onlyTrainedItems: false,
  seeded: false,
  split({ histories }) {
    const training = new Uint32Array(userCount(histories));
    const queries: QueryRange[] = [];
    for (let user = 0; user < training.length; user++) {
      const length = lengthOf(histories, user);
      training[user] = length < shortest ? length : length - 2;
      if (length >= shortest) queries.push({ user, from: length - 1, to: length });
    }
    return { training, queries: { user: queries } };
  },
};
