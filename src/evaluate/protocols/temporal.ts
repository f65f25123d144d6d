import { historyOf, userCount } from '../../learn/histories/histories.ts';
import type { Protocol, QueryRange } from './protocol.ts';

/** Shares of the events, the newest ones, that test and that validate. */
const shares = { test: 0.1, validation: 0.1 };

/**
 * Two moments cut all histories: what is older than the first trains; from the second on it is to be found; what lies
 * between, kept for validation by models that are tuned, does not train but is part of the input. Users and items that
 * do not train are left out.
 */
export const temporal: Protocol = {
  name: 'temporal',
  needsTest: false,
  keepsSeen: false,
  onlyTrainedItems: true,
  seeded: false,
  split({ histories }) {
    const times = histories.timestamps.slice().sort();
    const cut = (share: number) => times[Math.floor(times.length * share)] ?? Number.POSITIVE_INFINITY;
    const trainingEnds = cut(1 - shares.test - shares.validation);
    const testBegins = cut(1 - shares.test);
    const training = new Uint32Array(userCount(histories));
    const queries: QueryRange[] = [];
    for (let user = 0; user < training.length; user++) {
      const { timestamps } = historyOf(histories, user);
      const before = (moment: number) => timestamps.reduce((sum, time) => sum + (time < moment ? 1 : 0), 0);
      const [trained, from, to] = [before(trainingEnds), before(testBegins), timestamps.length];
      training[user] = trained;
      if (trained > 0 && from < to) queries.push({ user, from, to });
    }
    return { training, queries: { user: queries } };
  },
};
