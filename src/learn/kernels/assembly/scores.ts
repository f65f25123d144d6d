import { dots } from './vectors';

/** out[r] = row r · vector, for `count` rows (a multiple of 4) of `bytes` at `rows`. */
export function scoreRows(rows: usize, count: usize, bytes: usize, vector: usize, out: usize): void {
  const end = out + (count << 2);
  let row = rows;
  for (let at = out; at < end; at += 16) {
    v128.store(at, dots(row, row + bytes, row + bytes * 2, row + bytes * 3, vector, bytes));
    row += bytes << 2;
  }
}
