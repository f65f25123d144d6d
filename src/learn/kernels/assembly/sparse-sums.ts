import { madd } from './madd';

// Rows lie far apart in a memory that no cache holds, and each waits for its first bytes. So some are asked for at once
// before they are added.

/** Rows asked for at once. */
const ahead: usize = 4;
const cacheLine: usize = 64;

/**
 * Adds rows of entries to the sums of their columns. `list` has 12 bytes for each of `many` rows: the address of its
 * entries, how many there are (uint32), and what their values are multiplied by (float32); an entry is a column
 * (uint32) and a value (float32). Columns whose sum was 0 join the list `touched`, which has `length` of them: returns
 * how many it has then.
 */
export function addRowsToColumns(list: usize, many: usize, sums: usize, touched: usize, length: usize): usize {
  let end = touched + (length << 2);
  const last = list + many * 12;
  for (let group = list; group < last; group += ahead * 12) {
    const next = min(group + ahead * 12, last);
    // Kept where the next column goes over it, so that the compiler does not leave out what is read for nothing;
    // without entries it is 0.
    store<u32>(end, readThrough(group, next));
    for (let at = group; at < next; at += 12) {
      end = addToColumns(load<u32>(at), load<u32>(at, 4), load<f32>(at, 8), sums, end);
    }
  }
  return (end - touched) >> 2;
}

/** Something of every cache line of the rows in a part of a list. */
// @ts-ignore: decorator
@inline
function readThrough(list: usize, last: usize): u32 {
  let any: u32 = 0;
  for (let at = list; at < last; at += 12) {
    const entries: usize = load<u32>(at);
    const end = entries + (load<u32>(at, 4) << 3);
    for (let line = entries; line < end; line += cacheLine) any |= load<u32>(line);
  }
  return any;
}

/** Adds one row. New columns go to the list's `end`, which it returns as it is then. */
// @ts-ignore: decorator
@inline
function addToColumns(entries: usize, count: usize, weight: f32, sums: usize, end: usize): usize {
  for (let at = entries, last = entries + (count << 3); at < last; at += 8) {
    const column = load<u32>(at);
    const cell = sums + (<usize>column << 2);
    const sum = load<f32>(cell);
    // Without a branch, which would be predicted badly: the column counts only if the end moves on.
    store<u32>(end, column);
    end += usize(sum == 0) << 2;
    store<f32>(cell, sum + weight * load<f32>(at, 4));
  }
  return end;
}

/**
 * totals[c] += weight · ln(1 + factor · sums[c]) for each column c in `touched`, whose sum is 0 afterwards. `touched`
 * has room for whole groups of four.
 */
export function addLogs(touched: usize, length: usize, factor: f32, weight: f32, sums: usize, totals: usize): void {
  const factors = f32x4.splat(factor);
  const weights = f32x4.splat(weight);
  const one = f32x4.splat(1);
  const end = touched + (length << 2);
  for (let at = touched; at < end; at += 16) {
    // What is behind the end are columns of before: they are read for nothing.
    const column0 = <usize>load<u32>(at) << 2;
    const column1 = <usize>load<u32>(at, 4) << 2;
    const column2 = <usize>load<u32>(at, 8) << 2;
    const column3 = <usize>load<u32>(at, 12) << 2;
    let lanes = v128.load32_zero(sums + column0);
    lanes = v128.load32_lane(sums + column1, lanes, 1);
    lanes = v128.load32_lane(sums + column2, lanes, 2);
    lanes = v128.load32_lane(sums + column3, lanes, 3);
    lanes = f32x4.mul(weights, log(madd(lanes, factors, one)));
    take(column0, f32x4.extract_lane(lanes, 0), sums, totals);
    if (at + 4 < end) take(column1, f32x4.extract_lane(lanes, 1), sums, totals);
    if (at + 8 < end) take(column2, f32x4.extract_lane(lanes, 2), sums, totals);
    if (at + 12 < end) take(column3, f32x4.extract_lane(lanes, 3), sums, totals);
  }
}

// @ts-ignore: decorator
@inline
function take(column: usize, log: f32, sums: usize, totals: usize): void {
  store<f32>(totals + column, load<f32>(totals + column) + log);
  store<f32>(sums + column, 0);
}

/**
 * ln x = e · ln 2 + ln m with m from √½ to √2; ln m = 2 artanh s = 2 (s + s³/3 + s⁵/5 + …) with s = (m − 1) / (m + 1),
 * of which the terms up to s⁹ leave less than 1e-9. For x > 0.
 */
// @ts-ignore: decorator
@inline
function log(x: v128): v128 {
  const exponent = i32x4.shr_s(i32x4.sub(x, i32x4.splat(0x3f3504f3)), 23);
  const m = i32x4.sub(x, i32x4.shl(exponent, 23));
  const one = f32x4.splat(1);
  const s = f32x4.div(f32x4.sub(m, one), f32x4.add(m, one));
  const square = f32x4.mul(s, s);
  let series = f32x4.splat(2.0 / 9);
  series = madd(series, square, f32x4.splat(2.0 / 7));
  series = madd(series, square, f32x4.splat(2.0 / 5));
  series = madd(series, square, f32x4.splat(2.0 / 3));
  series = madd(series, square, f32x4.splat(2));
  return madd(f32x4.convert_i32x4_s(exponent), f32x4.splat(0.69314718), f32x4.mul(series, s));
}
