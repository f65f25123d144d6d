import { setImmediate as letOthersRun } from 'node:timers/promises';
import { transpose } from '../../../kernels/csr.ts';
import { CsrBuilder } from '../../../kernels/csr-builder.ts';
import type { SparseItemRows } from '../../item-pairs/item-rows.ts';

/**
 * Of the squares of the weights, in the unit of what items have in common. On held-out pairs of Gowalla 3 was worse.
 */
const ridge = 10;
/**
 * Rounds of coordinate descent at most, and the change of a weight below which another is not worth it: a ranking shows
 * nothing of it.
 */
const rounds = 10;
const settled = 1e-3;
const restEvery = 128;

/**
 * What items have in common: for each item the others with the sums over their common users, and the sum over its own.
 */
export type Gram = { readonly together: SparseItemRows; readonly own: Float32Array };

/**
 * Row by row, how much having the row's item speaks for others: whether a user has an item is predicted from the items
 * that it is seen with most, by weights of 0 or more that minimise the squared error plus a ridge. This is SLIM (Ning
 * and Karypis 2011) with its predictors chosen beforehand. Of items that go together, one alone speaks, where
 * neighbours by likeness would all count.
 */
export async function regressItems(
  { together, own }: Gram,
  most: number,
  signal: AbortSignal,
): Promise<SparseItemRows> {
  const itemCount = own.length;
  const columnOf = new Int32Array(itemCount).fill(-1);
  const weights = new CsrBuilder(itemCount, itemCount);
  for (let item = 0; item < itemCount; item++) {
    const begin = together.offsets[item];
    const end = Math.min(together.offsets[item + 1], begin + most);
    const predictors = together.indices.subarray(begin, end);
    const solution = descend(gramOf(predictors, { together, own }, columnOf), together.values.subarray(begin, end));
    const kept = Uint32Array.from(solution.keys()).filter((n) => solution[n] > 0);
    weights.add(
      kept.map((n) => predictors[n]),
      Float32Array.from(kept, (n) => solution[n]),
    );
    if (item % restEvery === 0) {
      await letOthersRun();
      signal.throwIfAborted();
    }
  }
  const { offsets, indices, values = new Float32Array() } = transpose(weights.build());
  return { offsets, indices, values };
}

/**
 * What the predictors have in common with each other, as a square matrix; of pairs that neither's row has, nothing is
 * known.
 */
function gramOf(predictors: Uint32Array, { together, own }: Gram, columnOf: Int32Array): Float32Array {
  const size = predictors.length;
  const gram = new Float32Array(size * size);
  for (const [column, item] of predictors.entries()) columnOf[item] = column;
  for (const [row, item] of predictors.entries()) {
    gram[row * size + row] = own[item];
    for (let entry = together.offsets[item]; entry < together.offsets[item + 1]; entry++) {
      const column = columnOf[together.indices[entry]];
      if (column < 0) continue;
      gram[row * size + column] = together.values[entry];
      gram[column * size + row] = together.values[entry];
    }
  }
  for (const item of predictors) columnOf[item] = -1;
  return gram;
}

/** min ½ w′Gw − w′t + ½ ridge · w′w over w ≥ 0. */
function descend(gram: Float32Array, target: Float32Array): Float32Array {
  const size = target.length;
  const weights = new Float32Array(size);
  const residual = target.slice();
  for (let round = 0, greatest = 1; round < rounds && greatest > settled; round++) {
    greatest = 0;
    for (let n = 0, row = 0; n < size; n++, row += size) {
      const weight = weights[n];
      const own = gram[row + n];
      const next = Math.max(0, (residual[n] + own * weight) / (own + ridge));
      const change = next - weight;
      if (change === 0) continue;
      weights[n] = next;
      greatest = Math.max(greatest, Math.abs(change));
      for (let other = 0; other < size; other++) {
        residual[other] = residual[other] - change * gram[row + other];
      }
    }
  }
  return weights;
}
