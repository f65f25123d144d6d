import { uniforms } from '../../learn/kernels/random.ts';
import { eligibleItems, maskWithout } from '../../learn/model/item-mask.ts';
import type { CandidateModel } from '../candidate-model.ts';

/** Items in random order, another for each query. */
export const chance: CandidateModel = {
  name: 'chance',
  kind: 'baseline',
  seeded: true,
  async fit({ items, seed }) {
    const random = uniforms(seed);
    return {
      rank: async (queries, count) =>
        queries.map(({ eligible = maskWithout(items.size, []) }) => {
          const left = eligibleItems(eligible);
          return left.slice(0, count).map((_, n) => {
            const other = n + Math.floor(random() * (left.length - n));
            const drawn = left[other];
            left[other] = left[n];
            return drawn;
          });
        }),
    };
  },
};
