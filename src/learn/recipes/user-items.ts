import { type Histories, historyOf } from '../histories.ts';
import type { Csr } from '../kernels/csr.ts';

/** Which users had which items, each item once, and when they had it last (parallel to `indices`). */
export type UserItems = Csr & { readonly times: Float64Array };

/** A row for each of `users`, in their order, with the items that `keeps` keeps, ascending. Arrays are shared memory. */
export function userItemMatrix(
  histories: Histories,
  users: Uint32Array,
  itemCount: number,
  keeps: (item: number) => boolean = () => true,
): UserItems {
  let most = 0;
  for (const user of users) most += historyOf(histories, user).items.length;
  const offsets = new Uint32Array(new SharedArrayBuffer(4 * (users.length + 1)));
  const indices = new Uint32Array(new SharedArrayBuffer(4 * most));
  const times = new Float64Array(most);
  /** Item → when the user of this row had it last; `rowOf` tells whether that is this row's. */
  const latest = new Float64Array(itemCount);
  const rowOf = new Int32Array(itemCount).fill(-1);
  let end = 0;
  users.forEach((user, row) => {
    const history = historyOf(histories, user);
    const start = end;
    history.items.forEach((item, n) => {
      if (!keeps(item)) return;
      if (rowOf[item] !== row) indices[end++] = item;
      rowOf[item] = row;
      latest[item] = history.timestamps[n] ?? 0;
    });
    indices.subarray(start, end).sort();
    for (let entry = start; entry < end; entry++) times[entry] = latest[indices[entry] ?? 0] ?? 0;
    offsets[row + 1] = end;
  });
  return {
    rows: users.length,
    columns: itemCount,
    offsets,
    indices: indices.subarray(0, end),
    times: times.subarray(0, end),
  };
}
