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
    sum0 = f32x4.relaxed_madd(v128.load(row0 + at), low, sum0);
    sum1 = f32x4.relaxed_madd(v128.load(row1 + at), low, sum1);
    sum2 = f32x4.relaxed_madd(v128.load(row2 + at), low, sum2);
    sum3 = f32x4.relaxed_madd(v128.load(row3 + at), low, sum3);
    sum0 = f32x4.relaxed_madd(v128.load(row0 + at, 16), high, sum0);
    sum1 = f32x4.relaxed_madd(v128.load(row1 + at, 16), high, sum1);
    sum2 = f32x4.relaxed_madd(v128.load(row2 + at, 16), high, sum2);
    sum3 = f32x4.relaxed_madd(v128.load(row3 + at, 16), high, sum3);
  }
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
    low = f32x4.relaxed_madd(v128.load(row0 + at), factor0, low);
    high = f32x4.relaxed_madd(v128.load(row0 + at, 16), factor0, high);
    low = f32x4.relaxed_madd(v128.load(row1 + at), factor1, low);
    high = f32x4.relaxed_madd(v128.load(row1 + at, 16), factor1, high);
    low = f32x4.relaxed_madd(v128.load(row2 + at), factor2, low);
    high = f32x4.relaxed_madd(v128.load(row2 + at, 16), factor2, high);
    low = f32x4.relaxed_madd(v128.load(row3 + at), factor3, low);
    high = f32x4.relaxed_madd(v128.load(row3 + at, 16), factor3, high);
    v128.store(out + at, low);
    v128.store(out + at, high, 16);
  }
}

/** The sum of the four lanes. */
// @ts-ignore: decorator
@inline
export function sumOfLanes(lanes: v128): f32 {
  return (
    f32x4.extract_lane(lanes, 0) + f32x4.extract_lane(lanes, 1) +
    (f32x4.extract_lane(lanes, 2) + f32x4.extract_lane(lanes, 3))
  );
}

/** The dot product of two vectors. */
export function dot(left: usize, right: usize, bytes: usize): f32 {
  let low = f32x4.splat(0);
  let high = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 32) {
    low = f32x4.relaxed_madd(v128.load(left + at), v128.load(right + at), low);
    high = f32x4.relaxed_madd(v128.load(left + at, 16), v128.load(right + at, 16), high);
  }
  return sumOfLanes(f32x4.add(low, high));
}

/** out += factor × vector */
export function addScaled(factor: f32, vector: usize, out: usize, bytes: usize): void {
  const lanes = f32x4.splat(factor);
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(out + at, f32x4.relaxed_madd(v128.load(vector + at), lanes, v128.load(out + at)));
  }
}
