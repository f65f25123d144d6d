import { dots, dotsOfTwo } from './vectors';

/**
 * out[v][r] = row r · vector v, for `count` rows (a multiple of 4) at `rows` and `many` vectors at `vectors`, all of `bytes`.
 * Rows are read once for all vectors: there are too many of them for the cache.
 */
export function scoreRows(rows: usize, count: usize, bytes: usize, vectors: usize, many: usize, out: usize): void {
  const end = vectors + bytes * many;
  const run = count << 2;
  let row = rows;
  for (let place: usize = 0; place < run; place += 16) {
    const row1 = row + bytes;
    const row2 = row1 + bytes;
    const row3 = row2 + bytes;
    let at = out + place;
    let vector = vectors;
    for (; vector + bytes < end; vector += bytes << 1) {
      dotsOfTwo(row, row1, row2, row3, vector, vector + bytes, bytes, at, at + run);
      at += run << 1;
    }
    if (vector < end) v128.store(at, dots(row, row1, row2, row3, vector, bytes));
    row = row3 + bytes;
  }
}
