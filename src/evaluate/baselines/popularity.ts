import { firstEligible } from '../../learn/families/popularity/popular-items.ts';
import type { CandidateModel } from '../candidate-model.ts';

/** The items with the most training interactions, the same for everyone: the order of the indexes. */
export const popularity: CandidateModel = {
  name: 'popularity',
  kind: 'baseline',
  seeded: false,
  async fit({ items }) {
    const everyItem = Uint32Array.from({ length: items.size }, (_, item) => item);
    return {
      rank: async (queries, count) => queries.map(({ eligible }) => firstEligible(everyItem, { count, eligible })),
    };
  },
};
