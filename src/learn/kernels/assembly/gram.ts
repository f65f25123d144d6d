import { madd } from './madd';

/** Rows that are worked on together: 64 rows of 64 floats fill half of a first-level cache. */
const chunk: usize = 64;

/**
 * Adds to the upper triangle of `out` (square, rows of `bytes`) the products of the columns of `count` rows at `rows`.
 */
export function accumulateGram(rows: usize, count: usize, bytes: usize, out: usize): void {
  const end = rows + count * bytes;
  for (let first = rows; first < end; first += chunk * bytes) {
    const last = min(first + chunk * bytes, end);
    for (let i: usize = 0; i < bytes; i += 16) {
      for (let j = i; j < bytes; j += 16) accumulateTile(first, last, bytes, i, j, out + (i >> 2) * bytes + j);
    }
  }
}

/** Adds one tile of 4 × 4: columns at byte `i` against columns at byte `j`. */
// @ts-ignore: decorator
@inline
function accumulateTile(first: usize, last: usize, bytes: usize, i: usize, j: usize, tile: usize): void {
  let sum0 = v128.load(tile);
  let sum1 = v128.load(tile + bytes);
  let sum2 = v128.load(tile + bytes * 2);
  let sum3 = v128.load(tile + bytes * 3);
  for (let row = first; row < last; row += bytes) {
    const right = v128.load(row + j);
    sum0 = madd(v128.load32_splat(row + i), right, sum0);
    sum1 = madd(v128.load32_splat(row + i, 4), right, sum1);
    sum2 = madd(v128.load32_splat(row + i, 8), right, sum2);
    sum3 = madd(v128.load32_splat(row + i, 12), right, sum3);
  }
  v128.store(tile, sum0);
  v128.store(tile + bytes, sum1);
  v128.store(tile + bytes * 2, sum2);
  v128.store(tile + bytes * 3, sum3);
}
