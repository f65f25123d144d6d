import assert from 'node:assert/strict';
import { setImmediate as letOthersRun } from 'node:timers/promises';
import { allUsers } from '../../learn/histories/histories.ts';
import { userItemMatrix } from '../../learn/histories/user-items.ts';
import { type Csr, transpose } from '../../learn/kernels/csr.ts';
import { topK } from '../../learn/kernels/top-k.ts';
import type { Progress } from '../../util/progress.ts';
import type { CandidateModel } from '../candidate-model.ts';
import { rankingByScores } from './ranking-by-scores.ts';

/** Neighbours kept for each item. */
const neighbours = 200;
/** Added to the denominator of the cosine: pairs that few users had count less. */
const shrinkage = 20;
const restEvery = 256;

/**
 * Item neighbourhoods (Sarwar et al. 2001): an item scores the sum of its similarities to the items of the input, where
 * these are among its nearest 200. Similarity is the shrunk cosine of who had the items, n(i, j) / (√(n(i) n(j)) + 20).
 */
export const itemKnn: CandidateModel = {
  name: 'item-knn',
  kind: 'baseline',
  seeded: false,
  async fit({ training, items, progress }) {
    const userItems = userItemMatrix(training, allUsers(training), items.size);
    // From an item of the input to those that have it as a neighbour.
    const { offsets, indices, values } = transpose(await nearestItems(userItems, progress));
    assert(values, 'Similarities are the values.');
    return rankingByScores(items.size, (input, scores) => {
      for (const item of new Set(input.items)) {
        for (let entry = offsets[item]; entry < offsets[item + 1]; entry++) {
          const other = indices[entry];
          scores[other] += values[entry];
        }
      }
    });
  },
};

/** Item by item, its nearest others, the nearest first, and their similarities. */
export async function nearestItems(userItems: Csr, progress: Progress): Promise<Csr> {
  const items = userItems.columns;
  const itemUsers = transpose(userItems);
  const users = (item: number) => itemUsers.offsets[item + 1] - itemUsers.offsets[item];
  const similarities = new Float32Array(items);
  const offsets = new Uint32Array(items + 1);
  const rows: { readonly indices: Uint32Array; readonly values: Float32Array }[] = [];
  for (let item = 0; item < items; item++) {
    const common = countCommonUsers(userItems, itemUsers, item, similarities);
    for (const other of common) {
      const count = similarities[other];
      similarities[other] = count / (Math.sqrt(users(item) * users(other)) + shrinkage);
    }
    const best = topK(similarities, Math.min(neighbours, common.length));
    rows.push({ indices: best, values: Float32Array.from(best, (other) => similarities[other]) });
    offsets[item + 1] = offsets[item] + best.length;
    for (const other of common) similarities[other] = 0;
    if (item % restEvery === 0) {
      progress.report(item / items, 'comparing items');
      await letOthersRun();
      progress.signal.throwIfAborted();
    }
  }
  const indices = new Uint32Array(offsets[items]);
  const values = new Float32Array(indices.length);
  rows.forEach((row, item) => {
    indices.set(row.indices, offsets[item]);
    values.set(row.values, offsets[item]);
  });
  return { rows: items, columns: items, offsets, indices, values };
}

/** The other items that users of `item` had; how many users, is in `counts`, which is all 0 before. */
function countCommonUsers(userItems: Csr, itemUsers: Csr, item: number, counts: Float32Array): readonly number[] {
  const common: number[] = [];
  for (let at = itemUsers.offsets[item]; at < itemUsers.offsets[item + 1]; at++) {
    const user = itemUsers.indices[at];
    for (let entry = userItems.offsets[user]; entry < userItems.offsets[user + 1]; entry++) {
      const other = userItems.indices[entry];
      if (other === item) continue;
      const count = counts[other];
      if (count === 0) common.push(other);
      counts[other] = count + 1;
    }
  }
  return common;
}
