import { lengthOf, userCount } from '../../learn/histories/histories.ts';
import { trainedLength } from '../../learn/metrics/segment-users.ts';
import type { Protocol, QueryRange } from './protocol.ts';

/**
 * The split of GetSolutionMetrics for segments (spec training.md §9.1): the newest fifth of each history is held out.
 * It asks which users come to each item there, and to items with each attribute.
 */
export const segments: Protocol = {
  name: 'segments',
  asksFor: 'users',
  needsTest: false,
  keepsSeen: true,
  onlyTrainedItems: false,
  seeded: false,
  split({ histories }) {
    const training = new Uint32Array(userCount(histories));
    const queries: QueryRange[] = [];
    for (let user = 0; user < training.length; user++) {
      const length = lengthOf(histories, user);
      training[user] = trainedLength(length);
      if (training[user] < length) queries.push({ user, from: training[user], to: length });
    }
    return { training, queries: { user: queries } };
  },
};
