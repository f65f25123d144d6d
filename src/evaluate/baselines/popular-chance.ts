import { interactionsByItem } from '../../learn/histories/histories.ts';
import { uniforms } from '../../learn/kernels/random.ts';
import { topK } from '../../learn/kernels/top-k.ts';
import type { CandidateModel } from '../candidate-model.ts';

/**
 * Items drawn one after another for each query, each with a chance in proportion to its training interactions + 1: the
 * greatest keys ln(u) / weight of uniform u (Efraimidis and Spirakis 2006).
 */
export const popularChance: CandidateModel = {
  name: 'popular-chance',
  kind: 'baseline',
  seeded: true,
  async fit({ training, items, seed }) {
    const random = uniforms(seed);
    const weights = interactionsByItem(training, items.size);
    const keys = new Float32Array(items.size);
    return {
      rank: async (queries, count) =>
        queries.map(({ eligible }) => {
          for (let item = 0; item < keys.length; item++) keys[item] = Math.log(1 - random()) / (weights[item] + 1);
          return topK(keys, count, eligible?.words);
        }),
    };
  },
};
