import { madd } from './madd';

/**
 * Adds `weight` times the `count` numbers at `values` to the entries of `sums` that the uint32s at `columns` name. Those that were 0
 * join the list `touched`, which has `length` entries: returns how many it has then.
 */
export function addToColumns(
  columns: usize, values: usize, count: usize, weight: f32, sums: usize, touched: usize, length: usize,
): usize {
  let end = touched + (length << 2);
  for (let at: usize = 0; at < count << 2; at += 4) {
    const column = load<u32>(columns + at);
    const cell = sums + (<usize>column << 2);
    const sum = load<f32>(cell);
    // Without a branch, which would be foretold badly: the entry counts only if the end moves on.
    store<u32>(end, column);
    end += usize(sum == 0) << 2;
    store<f32>(cell, sum + weight * load<f32>(values + at));
  }
  return (end - touched) >> 2;
}

/** The sum of the sums of the columns in `touched`. */
export function sumOfColumns(touched: usize, length: usize, sums: usize): f32 {
  let total: f32 = 0;
  for (let at = touched, end = touched + (length << 2); at < end; at += 4) {
    total += load<f32>(sums + (<usize>load<u32>(at) << 2));
  }
  return total;
}

/** out[n] = ln(1 + factor · sum of the column touched[n]); the sums are 0 afterwards. `touched` has room for whole groups of four. */
export function takeLogs(touched: usize, length: usize, factor: f32, sums: usize, out: usize): void {
  const factors = f32x4.splat(factor);
  const one = f32x4.splat(1);
  for (let at: usize = 0; at < length << 2; at += 16) {
    let lanes = v128.load32_zero(sums + (<usize>load<u32>(touched + at) << 2));
    lanes = v128.load32_lane(sums + (<usize>load<u32>(touched + at, 4) << 2), lanes, 1);
    lanes = v128.load32_lane(sums + (<usize>load<u32>(touched + at, 8) << 2), lanes, 2);
    lanes = v128.load32_lane(sums + (<usize>load<u32>(touched + at, 12) << 2), lanes, 3);
    v128.store(out + at, log(madd(lanes, factors, one)));
  }
  for (let at = touched, end = touched + (length << 2); at < end; at += 4) {
    store<f32>(sums + (<usize>load<u32>(at) << 2), 0);
  }
}

/**
 * ln x = e · ln 2 + ln m with m from √½ to √2; ln m = 2 artanh s = 2 (s + s³/3 + s⁵/5 + …) with s = (m − 1) / (m + 1), of which the
 * terms up to s⁹ leave less than 1e-9. For x > 0.
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
