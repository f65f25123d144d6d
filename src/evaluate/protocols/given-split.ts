import { lengthOf } from '../../learn/histories/histories.ts';
import type { Protocol } from './protocol.ts';

/** The dataset trains; each user's interactions of the test file are to be found. */
export const givenSplit: Protocol = {
  name: 'given-split',
  needsTest: true,
  keepsSeen: false,
  onlyTrainedItems: false,
  seeded: false,
  split({ histories, given }) {
    const ranges = Array.from(given, (from, user) => ({ user, from, to: lengthOf(histories, user) }));
    return { training: given, queries: { user: ranges.filter(({ from, to }) => from < to) } };
  },
};
