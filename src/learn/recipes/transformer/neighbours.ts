import { setImmediate as letOthersRun } from 'node:timers/promises';
import { allUsers, type Histories, selectUsers } from '../../histories.ts';
import { type Csr, transpose } from '../../kernels/csr.ts';
import { topK } from '../../kernels/top-k.ts';
import { userItemMatrix } from '../user-items.ts';

/** Neighbours kept for each item. */
const mostNeighbours = 200;
/** Added to the denominator: pairs that few users had count less. */
const shrinkage = 10;
/** Newest interactions of a user that count: the work grows with their square. */
const newest = 200;
const restEvery = 128;

/**
 * Row by row, the items that the same users had: Σ over those users of 1 / √(their items), over √(n(i) · n(j)) + 10. A cosine
 * in which users with many items count less (after Karypis 2001, and the random walk of Cooper et al. 2014).
 */
export async function neighbours(
  histories: Histories,
  itemCount: number,
  signal: AbortSignal,
): Promise<Csr & { readonly values: Float32Array }> {
  const recent = selectUsers(histories, allUsers(histories), newest);
  const userItems = userItemMatrix(recent, allUsers(recent), itemCount);
  const itemUsers = transpose(userItems);
  const users = (item: number) => (itemUsers.offsets[item + 1] ?? 0) - (itemUsers.offsets[item] ?? 0);
  const sums = new Float32Array(itemCount);
  const touched = new Uint32Array(itemCount);
  const offsets = new Uint32Array(itemCount + 1);
  const rows: { readonly indices: Uint32Array; readonly values: Float32Array }[] = [];
  for (let item = 0; item < itemCount; item++) {
    const others = touched.subarray(0, addCommon(userItems, itemUsers, item, sums, touched));
    const similarities = Float32Array.from(
      others,
      (other) => (sums[other] ?? 0) / (Math.sqrt(users(item) * users(other)) + shrinkage),
    );
    const best = topK(similarities, mostNeighbours);
    rows.push({
      indices: best.map((n) => others[n] ?? 0),
      values: Float32Array.from(best, (n) => similarities[n] ?? 0),
    });
    offsets[item + 1] = (offsets[item] ?? 0) + best.length;
    for (const other of others) sums[other] = 0;
    if (item % restEvery === 0) {
      await letOthersRun();
      signal.throwIfAborted();
    }
  }
  const indices = new Uint32Array(offsets[itemCount] ?? 0);
  const values = new Float32Array(indices.length);
  rows.forEach((row, item) => {
    indices.set(row.indices, offsets[item]);
    values.set(row.values, offsets[item]);
  });
  return { rows: itemCount, columns: itemCount, offsets, indices, values };
}

/** Adds up in `sums` for every other item of the users of `item`, which are listed in `touched`: how many there are. */
function addCommon(userItems: Csr, itemUsers: Csr, item: number, sums: Float32Array, touched: Uint32Array): number {
  let count = 0;
  for (let at = itemUsers.offsets[item] ?? 0; at < (itemUsers.offsets[item + 1] ?? 0); at++) {
    const user = itemUsers.indices[at] ?? 0;
    const [begin, end] = [userItems.offsets[user] ?? 0, userItems.offsets[user + 1] ?? 0];
    const weight = 1 / Math.sqrt(end - begin);
    for (let entry = begin; entry < end; entry++) {
      const other = userItems.indices[entry] ?? 0;
      if (other === item) continue;
      const sum = sums[other] ?? 0;
      if (sum === 0) touched[count++] = other;
      sums[other] = sum + weight;
    }
  }
  return count;
}
