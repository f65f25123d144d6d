import { basketsOf } from '../../learn/families/baskets/baskets.ts';
import { ofEventType } from '../../learn/histories/event-types.ts';
import { allUsers, type Histories, interactionsByItem } from '../../learn/histories/histories.ts';
import { userItemMatrix } from '../../learn/histories/user-items.ts';
import { type Csr, transpose } from '../../learn/kernels/csr.ts';
import type { CandidateModel } from '../candidate-model.ts';
import { rankingByScores } from './ranking-by-scores.ts';

/** An item scores by how many rows have it beside the newest item of the input, and of equals by how many have it. */
const byCommonRows = (
  name: string,
  rowsOf: (training: Histories, items: number) => Csr,
  countsOf: (training: Histories, items: number) => Uint32Array,
): CandidateModel => ({
  name,
  kind: 'baseline',
  seeded: false,
  async fit({ training, items }) {
    const rows = rowsOf(training, items.size);
    const ofItems = transpose(rows);
    const counts = countsOf(training, items.size);
    const most = 1 + counts.reduce((highest, count) => Math.max(highest, count), 0);
    const shares = Float32Array.from(counts, (count) => count / most);
    return rankingByScores(items.size, ({ items: input }, scores) => {
      scores.set(shares);
      const newest = input.at(-1);
      if (newest === undefined) return;
      for (let at = ofItems.offsets[newest]; at < ofItems.offsets[newest + 1]; at++) {
        const row = ofItems.indices[at];
        for (let n = rows.offsets[row]; n < rows.offsets[row + 1]; n++) scores[rows.indices[n]] += 1;
      }
    });
  },
});

/** Users who had both. */
export const coOccurrence = byCommonRows(
  'co-occurrence',
  (training, items) => userItemMatrix(training, allUsers(training), items),
  interactionsByItem,
);

const purchases = (training: Histories, items: number) => interactionsByItem(ofEventType(training, 'Purchase'), items);

/** Baskets with both. */
export const basketCounts = byCommonRows('basket-counts', basketsOf, purchases);

/** Purchases of each item: baskets tell nothing. */
export const bestSellers = byCommonRows(
  'best-sellers',
  (_, items) => ({ rows: 0, columns: items, offsets: new Uint32Array(1), indices: new Uint32Array() }),
  purchases,
);
