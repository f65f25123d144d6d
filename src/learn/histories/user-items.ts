import type { Csr } from '../kernels/csr.ts';
import { type Histories, historyOf } from './histories.ts';

/**
 * Which of `users` (a row for each, in their order) had which items: each item once a row, ascending. Over shared
 * memory.
 */
export function userItemMatrix(
  histories: Histories,
  users: Uint32Array,
  itemCount: number,
  keeps: (item: number) => boolean = () => true,
): Csr {
  let most = 0;
  for (const user of users) most += historyOf(histories, user).items.length;
  const offsets = new Uint32Array(new SharedArrayBuffer(4 * (users.length + 1)));
  const indices = new Uint32Array(new SharedArrayBuffer(4 * most));
  const lastRow = new Int32Array(itemCount).fill(-1);
  let end = 0;
  users.forEach((user, row) => {
    const start = end;
    for (const item of historyOf(histories, user).items) {
      if (lastRow[item] === row || !keeps(item)) continue;
      lastRow[item] = row;
      indices[end] = item;
      end++;
    }
    indices.subarray(start, end).sort();
    offsets[row + 1] = end;
  });
  return { rows: users.length, columns: itemCount, offsets, indices: indices.subarray(0, end) };
}

/** When each user of the matrix had each item last: seconds since the epoch, parallel to `indices`. */
export function latestTimes(
  histories: Histories,
  users: Uint32Array,
  { columns, offsets, indices }: Csr,
): Float64Array {
  const times = new Float64Array(indices.length);
  const latest = new Float64Array(columns);
  users.forEach((user, row) => {
    const history = historyOf(histories, user);
    history.items.forEach((item, n) => {
      latest[item] = history.timestamps[n];
    });
    for (let entry = offsets[row]; entry < offsets[row + 1]; entry++) {
      times[entry] = latest[indices[entry]];
    }
  });
  return times;
}
