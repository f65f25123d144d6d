import { type Histories, historyOf, userCount } from '../../histories.ts';
import type { Csr } from '../../kernels/csr.ts';

/** Added to the number of times that an item was left, so that a single transition is no certainty. */
const shrinkage = 2;

/** First-order transitions: row by row, which items came right after the row's, as shares n / (all + 2). */
export function transitions(histories: Histories, itemCount: number): Csr & { readonly values: Float32Array } {
  const starts = new Uint32Array(itemCount + 1);
  forEachPair(histories, (from) => {
    starts[from + 1] = (starts[from + 1] ?? 0) + 1;
  });
  for (let item = 0; item < itemCount; item++) starts[item + 1] = (starts[item + 1] ?? 0) + (starts[item] ?? 0);
  const followers = new Uint32Array(starts[itemCount] ?? 0);
  const next = starts.slice();
  forEachPair(histories, (from, to) => {
    followers[next[from] ?? 0] = to;
    next[from] = (next[from] ?? 0) + 1;
  });
  return countRows(starts, followers, itemCount);
}

/** Counts equal followers of each row in place. */
function countRows(starts: Uint32Array, followers: Uint32Array, itemCount: number) {
  const offsets = new Uint32Array(itemCount + 1);
  const values = new Float32Array(followers.length);
  let end = 0;
  for (let item = 0; item < itemCount; item++) {
    const row = followers.slice(starts[item], starts[item + 1]).sort();
    const share = 1 / (row.length + shrinkage);
    row.forEach((to, n) => {
      if (n === 0 || to !== row[n - 1]) followers[end++] = to;
      values[end - 1] = (values[end - 1] ?? 0) + share;
    });
    offsets[item + 1] = end;
  }
  return {
    rows: itemCount,
    columns: itemCount,
    offsets,
    indices: followers.slice(0, end),
    values: values.slice(0, end),
  };
}

function forEachPair(histories: Histories, visit: (from: number, to: number) => void): void {
  for (let user = 0; user < userCount(histories); user++) {
    const { items } = historyOf(histories, user);
    for (let n = 1; n < items.length; n++) visit(items[n - 1] ?? 0, items[n] ?? 0);
  }
}
