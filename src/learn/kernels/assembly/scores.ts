import { dots } from './vectors';

/**
 * out[v][r] = row r · vector v, for `count` rows (a multiple of 4) at `rows` and `many` vectors at `vectors`, all of `bytes`.
 * Rows are read once for all vectors: there are too many of them for the cache.
 */
export function scoreRows(rows: usize, count: usize, bytes: usize, vectors: usize, many: usize, out: usize): void {
  const end = vectors + bytes * many;
  let row = rows;
  for (let place: usize = 0; place < count << 2; place += 16) {
    let at = out + place;
    for (let vector = vectors; vector < end; vector += bytes) {
      v128.store(at, dots(row, row + bytes, row + bytes * 2, row + bytes * 3, vector, bytes));
      at += count << 2;
    }
    row += bytes << 2;
  }
}
