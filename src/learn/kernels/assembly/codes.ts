import { madd } from './madd';
import { sumOfLanes } from './vectors';

/**
 * Writes `count` rows of `bytes` as 8-bit integers, `codeBytes` a row (all 0 before), times a scale a row, and for each
 * row the most by which a product with its codes is wrong, for a query of length 1: the length of what the rounding
 * lost, and `elsewhere` times the length of what the codes keep.
 */
export function encodeRows(
  rows: usize, count: usize, bytes: usize, codes: usize, codeBytes: usize, scales: usize, errors: usize, elsewhere: f32,
): void {
  for (let row: usize = 0; row < count; row++) {
    const begin = rows + row * bytes;
    let greatest = f32x4.splat(0);
    for (let at: usize = 0; at < bytes; at += 16) greatest = f32x4.pmax(greatest, f32x4.abs(v128.load(begin + at)));
    const scale: f32 = max(
      max(f32x4.extract_lane(greatest, 0), f32x4.extract_lane(greatest, 1)),
      max(f32x4.extract_lane(greatest, 2), f32x4.extract_lane(greatest, 3)),
    ) / 127;
    // A row of zeros has codes of zero, and so has one too small to be divided by.
    const inverse: f32 = scale > 1e-30 ? 1 / scale : 0;
    store<f32>(scales + (row << 2), scale);
    const back = f32x4.splat(scale);
    const factor = f32x4.splat(inverse);
    let lost = f32x4.splat(0);
    let kept = f32x4.splat(0);
    let code = codes + row * codeBytes;
    for (let at: usize = 0; at < bytes; at += 32) {
      const low = v128.load(begin + at);
      const high = v128.load(begin + at, 16);
      const lowCodes = f32x4.nearest(f32x4.mul(low, factor));
      const highCodes = f32x4.nearest(f32x4.mul(high, factor));
      const words = i16x8.narrow_i32x4_s(i32x4.trunc_sat_f32x4_s(lowCodes), i32x4.trunc_sat_f32x4_s(highCodes));
      v128.store64_lane(code, i8x16.narrow_i16x8_s(words, words), 0);
      const lowRest = f32x4.sub(low, f32x4.mul(lowCodes, back));
      const highRest = f32x4.sub(high, f32x4.mul(highCodes, back));
      lost = madd(lowRest, lowRest, madd(highRest, highRest, lost));
      kept = madd(lowCodes, lowCodes, madd(highCodes, highCodes, kept));
      code += 8;
    }
    // The factor is for the rounding of this computation itself, the summand for squares too small for a float32.
    store<f32>(errors + (row << 2), (sqrt(sumOfLanes(lost)) + elsewhere * scale * sqrt(sumOfLanes(kept))) * 1.0001 + 1e-18);
  }
}
