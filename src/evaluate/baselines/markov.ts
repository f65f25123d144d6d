import { type Histories, historyOf, userCount } from '../../learn/histories/histories.ts';
import type { Csr } from '../../learn/kernels/csr.ts';
import type { CandidateModel } from '../candidate-model.ts';
import { rankingByScores } from './ranking-by-scores.ts';

/** The newest items of the input count, each less by this factor than the one after it. */
const newest = 5;
const decay = 0.3;

/**
 * First-order transitions: an item scores the number of times that it came right after the newest item, plus 0.3 times
 * that for the item before, and so on (a Markov chain with skipping and weighting, after Shani, Heckerman and Brafman
 * 2005).
 */
export const markov: CandidateModel = {
  name: 'markov',
  kind: 'baseline',
  seeded: false,
  async fit({ training, items }) {
    const { offsets, indices, values } = transitions(training, items.size);
    return rankingByScores(items.size, (input, scores) => {
      let weight = 1;
      for (const item of input.items.subarray(-newest).toReversed()) {
        for (let entry = offsets[item]; entry < offsets[item + 1]; entry++) {
          const next = indices[entry];
          scores[next] += weight * values[entry];
        }
        weight *= decay;
      }
    });
  },
};

/** Row by row, how many times each item came right after the row's. */
function transitions(histories: Histories, items: number): Required<Csr> {
  const followers = Array.from({ length: items }, () => new Map<number, number>());
  for (let user = 0; user < userCount(histories); user++) {
    const history = historyOf(histories, user).items;
    for (let n = 1; n < history.length; n++) {
      const row = followers[history[n - 1]];
      row.set(history[n], (row.get(history[n]) ?? 0) + 1);
    }
  }
  const offsets = new Uint32Array(items + 1);
  followers.forEach((row, item) => {
    offsets[item + 1] = offsets[item] + row.size;
  });
  const indices = new Uint32Array(offsets[items]);
  const values = new Float32Array(indices.length);
  followers.forEach((row, item) => {
    indices.set(Uint32Array.from(row.keys()), offsets[item]);
    values.set(Float32Array.from(row.values()), offsets[item]);
  });
  return { rows: items, columns: items, offsets, indices, values };
}
