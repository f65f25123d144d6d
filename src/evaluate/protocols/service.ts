import { allUsers, lengthOf, userCount } from '../../learn/histories/histories.ts';
import { inputLength, splitUsers } from '../../learn/metrics/split.ts';
import type { Protocol, QueryRange } from './protocol.ts';

/**
 * The split of GetSolutionMetrics (spec training.md §9.1): a tenth of the users, drawn by the seed, do not train. Asked
 * twice: for the newest tenth of each history at once, and for each event of that tenth from all before it.
 */
export const service: Protocol = {
  name: 'service',
  needsTest: false,
  keepsSeen: false,
  onlyTrainedItems: false,
  seeded: true,
  split({ histories }, seed) {
    const split = splitUsers(histories, allUsers(histories), seed);
    const training = new Uint32Array(userCount(histories));
    for (const user of split.training) training[user] = lengthOf(histories, user);
    const whole: QueryRange[] = [];
    const single: QueryRange[] = [];
    for (const user of split.heldOut) {
      const [from, to] = [inputLength(histories, user), lengthOf(histories, user)];
      whole.push({ user, from, to });
      for (let at = from; at < to; at++) single.push({ user, from: at, to: at + 1 });
    }
    return { training, queries: { user: whole, event: single } };
  },
};
