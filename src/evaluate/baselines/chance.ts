import { uniforms } from '../../learn/kernels/random.ts';
import type { CandidateModel } from '../candidate-model.ts';

/** Items in random order, another for each question. */
export const chance: CandidateModel = {
  name: 'chance',
  kind: 'baseline',
  seeded: true,
  async fit({ items, seed }) {
    const random = uniforms(seed);
    return {
      rank: async (queries, count) =>
        queries.map(({ excluded }) => {
          const out = new Uint8Array(items.size);
          for (const item of excluded) out[item] = 1;
          const left = Uint32Array.from(out.keys()).filter((item) => out[item] === 0);
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
