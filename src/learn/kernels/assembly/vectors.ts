import { madd } from './madd';

// Four rows at a time: a vector is loaded once for four rows, and four chains of additions hide each other's latency.

/** The dot products of four rows with `vector`, one a lane. */
// @ts-ignore: decorator
@inline
export function dots(row0: usize, row1: usize, row2: usize, row3: usize, vector: usize, bytes: usize): v128 {
  let sum0 = f32x4.splat(0);
  let sum1 = f32x4.splat(0);
  let sum2 = f32x4.splat(0);
  let sum3 = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 32) {
    const low = v128.load(vector + at);
    const high = v128.load(vector + at, 16);
    sum0 = madd(v128.load(row0 + at), low, sum0);
    sum1 = madd(v128.load(row1 + at), low, sum1);
    sum2 = madd(v128.load(row2 + at), low, sum2);
    sum3 = madd(v128.load(row3 + at), low, sum3);
    sum0 = madd(v128.load(row0 + at, 16), high, sum0);
    sum1 = madd(v128.load(row1 + at, 16), high, sum1);
    sum2 = madd(v128.load(row2 + at, 16), high, sum2);
    sum3 = madd(v128.load(row3 + at, 16), high, sum3);
  }
  return sumsOfLanes(sum0, sum1, sum2, sum3);
}

/**
 * The dot products of eight rows, one behind the other, with `vector`, stored at `out`: as many chains as hide the
 * latency.
 */
// @ts-ignore: decorator
@inline
export function dotsOfEight(row: usize, vector: usize, bytes: usize, out: usize): void {
  let sum0 = f32x4.splat(0);
  let sum1 = f32x4.splat(0);
  let sum2 = f32x4.splat(0);
  let sum3 = f32x4.splat(0);
  let sum4 = f32x4.splat(0);
  let sum5 = f32x4.splat(0);
  let sum6 = f32x4.splat(0);
  let sum7 = f32x4.splat(0);
  let row0 = row;
  let row1 = row0 + bytes;
  let row2 = row1 + bytes;
  let row3 = row2 + bytes;
  let row4 = row3 + bytes;
  let row5 = row4 + bytes;
  let row6 = row5 + bytes;
  let row7 = row6 + bytes;
  for (let at = vector, end = vector + bytes; at < end; at += 32) {
    const low = v128.load(at);
    sum0 = madd(v128.load(row0), low, sum0);
    sum1 = madd(v128.load(row1), low, sum1);
    sum2 = madd(v128.load(row2), low, sum2);
    sum3 = madd(v128.load(row3), low, sum3);
    sum4 = madd(v128.load(row4), low, sum4);
    sum5 = madd(v128.load(row5), low, sum5);
    sum6 = madd(v128.load(row6), low, sum6);
    sum7 = madd(v128.load(row7), low, sum7);
    const high = v128.load(at, 16);
    sum0 = madd(v128.load(row0, 16), high, sum0);
    sum1 = madd(v128.load(row1, 16), high, sum1);
    sum2 = madd(v128.load(row2, 16), high, sum2);
    sum3 = madd(v128.load(row3, 16), high, sum3);
    sum4 = madd(v128.load(row4, 16), high, sum4);
    sum5 = madd(v128.load(row5, 16), high, sum5);
    sum6 = madd(v128.load(row6, 16), high, sum6);
    sum7 = madd(v128.load(row7, 16), high, sum7);
    row0 += 32;
    row1 += 32;
    row2 += 32;
    row3 += 32;
    row4 += 32;
    row5 += 32;
    row6 += 32;
    row7 += 32;
  }
  v128.store(out, sumsOfLanes(sum0, sum1, sum2, sum3));
  v128.store(out, sumsOfLanes(sum4, sum5, sum6, sum7), 16);
}

/**
 * The dot products of four rows with two vectors: a lane a row, stored at `out0` and `out1`. Every row is loaded once.
 */
// @ts-ignore: decorator
@inline
export function dotsOfTwo(
  row0: usize, row1: usize, row2: usize, row3: usize, vector0: usize, vector1: usize, bytes: usize, out0: usize, out1: usize,
): void {
  let sum00 = f32x4.splat(0);
  let sum01 = f32x4.splat(0);
  let sum02 = f32x4.splat(0);
  let sum03 = f32x4.splat(0);
  let sum10 = f32x4.splat(0);
  let sum11 = f32x4.splat(0);
  let sum12 = f32x4.splat(0);
  let sum13 = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const left = v128.load(vector0 + at);
    const right = v128.load(vector1 + at);
    let row = v128.load(row0 + at);
    sum00 = madd(row, left, sum00);
    sum10 = madd(row, right, sum10);
    row = v128.load(row1 + at);
    sum01 = madd(row, left, sum01);
    sum11 = madd(row, right, sum11);
    row = v128.load(row2 + at);
    sum02 = madd(row, left, sum02);
    sum12 = madd(row, right, sum12);
    row = v128.load(row3 + at);
    sum03 = madd(row, left, sum03);
    sum13 = madd(row, right, sum13);
  }
  v128.store(out0, sumsOfLanes(sum00, sum01, sum02, sum03));
  v128.store(out1, sumsOfLanes(sum10, sum11, sum12, sum13));
}

/** The sums of the lanes of four vectors, one a lane. */
// @ts-ignore: decorator
@inline
export function sumsOfLanes(sum0: v128, sum1: v128, sum2: v128, sum3: v128): v128 {
  const pairs01 = f32x4.add(
    v128.shuffle<f32>(sum0, sum1, 0, 1, 4, 5),
    v128.shuffle<f32>(sum0, sum1, 2, 3, 6, 7),
  );
  const pairs23 = f32x4.add(
    v128.shuffle<f32>(sum2, sum3, 0, 1, 4, 5),
    v128.shuffle<f32>(sum2, sum3, 2, 3, 6, 7),
  );
  return f32x4.add(
    v128.shuffle<f32>(pairs01, pairs23, 0, 2, 4, 6),
    v128.shuffle<f32>(pairs01, pairs23, 1, 3, 5, 7),
  );
}

/** Adds four rows, each times its lane of `coefficients`, to `out`. */
// @ts-ignore: decorator
@inline
export function addRows(
  row0: usize, row1: usize, row2: usize, row3: usize, coefficients: v128, out: usize, bytes: usize,
): void {
  const factor0 = v128.shuffle<f32>(coefficients, coefficients, 0, 0, 0, 0);
  const factor1 = v128.shuffle<f32>(coefficients, coefficients, 1, 1, 1, 1);
  const factor2 = v128.shuffle<f32>(coefficients, coefficients, 2, 2, 2, 2);
  const factor3 = v128.shuffle<f32>(coefficients, coefficients, 3, 3, 3, 3);
  for (let at: usize = 0; at < bytes; at += 32) {
    let low = v128.load(out + at);
    let high = v128.load(out + at, 16);
    low = madd(v128.load(row0 + at), factor0, low);
    high = madd(v128.load(row0 + at, 16), factor0, high);
    low = madd(v128.load(row1 + at), factor1, low);
    high = madd(v128.load(row1 + at, 16), factor1, high);
    low = madd(v128.load(row2 + at), factor2, low);
    high = madd(v128.load(row2 + at, 16), factor2, high);
    low = madd(v128.load(row3 + at), factor3, low);
    high = madd(v128.load(row3 + at, 16), factor3, high);
    v128.store(out + at, low);
    v128.store(out + at, high, 16);
  }
}

/** The sum of the four lanes, in the order of `sumsOfLanes`. */
// @ts-ignore: decorator
@inline
export function sumOfLanes(lanes: v128): f32 {
  return (
    f32x4.extract_lane(lanes, 0) + f32x4.extract_lane(lanes, 2) +
    (f32x4.extract_lane(lanes, 1) + f32x4.extract_lane(lanes, 3))
  );
}

/** The dot product of a row with `vector`, rounded as `dotsOfEight` rounds it. */
export function dotOfOne(row: usize, vector: usize, bytes: usize): f32 {
  let sum = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) sum = madd(v128.load(row + at), v128.load(vector + at), sum);
  return sumOfLanes(sum);
}

/** The dot product of two vectors, in two chains of additions. */
export function dot(left: usize, right: usize, bytes: usize): f32 {
  let low = f32x4.splat(0);
  let high = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 32) {
    low = madd(v128.load(left + at), v128.load(right + at), low);
    high = madd(v128.load(left + at, 16), v128.load(right + at, 16), high);
  }
  return sumOfLanes(f32x4.add(low, high));
}

/** out += factor × vector */
export function addScaled(factor: f32, vector: usize, out: usize, bytes: usize): void {
  const lanes = f32x4.splat(factor);
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(out + at, madd(v128.load(vector + at), lanes, v128.load(out + at)));
  }
}
