import { keep, sort } from './heap';
import { addExponentials, block, lowest } from './ranking';
import { hasNone, startsOf } from './row-mask';
import { dotOfOne } from './vectors';

/**
 * As `rankRows` for one query, reading a quarter of the memory: the product with a row comes from its codes,
 * `codeBytes` of 8-bit integers at `codes` (a multiple of 16), times its scale; `query16` are the query's codes of 16
 * bits, times `scale16`. It is wrong by at most the row's entry at `errors` times `norm`. The rows themselves are read
 * where the score could be among the best: heap and order are those of `rankRows`; what the sum adds up is the exact
 * score there, the approximate one elsewhere. `mask` is the address of the query's mask, or 0.
 */
export function rankCodes(
  codes: usize, codeBytes: usize, scales: usize, errors: usize, query16: usize, scale16: f32, norm: f32,
  rows: usize, count: usize, bytes: usize, query: usize, start: usize, limit: usize, summing: bool,
  bestRows: usize, bestScores: usize, tally: usize, scratch: usize, mask: usize,
): void {
  const unit = f32x4.splat(scale16);
  const norms = f32x4.splat(norm);
  let kept: usize = 0;
  let worst = v128.load32_splat(lowest);
  for (let first: usize = 0; first < count; first += block) {
    const size = min(block, count - first);
    const blockMask = mask ? mask + (first >> 3) : 0;
    if (hasNone(blockMask, size)) continue;
    let greatest = v128.load32_splat(lowest);
    multiplyCodes(codes + first * codeBytes, size, codeBytes, query16, scratch);
    for (let offset: usize = 0; offset < size << 2; offset += 16) {
      const at = (first << 2) + offset;
      const begin = startsOf(start + (first << 2), offset, blockMask);
      const product = f32x4.mul(f32x4.mul(v128.load(scratch + offset), unit), v128.load(scales + at));
      const most = f32x4.add(begin, f32x4.add(product, f32x4.mul(norms, v128.load(errors + at))));
      const score = f32x4.add(begin, product);
      v128.store(scratch + offset, score);
      greatest = f32x4.pmax(greatest, score);
      let candidates = i32x4.bitmask(f32x4.gt(most, worst));
      while (candidates) {
        const lane: usize = ctz(candidates);
        candidates &= candidates - 1;
        const row = first + (offset >> 2) + lane;
        const exact = dotOfOne(rows + row * bytes, query, bytes) + load<f32>(start + (row << 2));
        store<f32>(scratch + offset + (lane << 2), exact);
        kept = keep(<u32>row, exact, kept, limit, bestRows, bestScores);
        if (kept == limit) worst = v128.load32_splat(bestScores);
      }
    }
    if (summing) addExponentials(scratch, size, greatest, tally);
  }
  store<u32>(tally, <u32>kept, 12);
  sort(kept, bestRows, bestScores);
}

/** out[r] = codes of row r · query16, as a float */
function multiplyCodes(codes: usize, count: usize, codeBytes: usize, query16: usize, out: usize): void {
  let row = codes;
  for (let at = out, end = out + (count << 2); at < end; at += 16) {
    let row1 = row + codeBytes;
    let row2 = row1 + codeBytes;
    let row3 = row2 + codeBytes;
    const next = row3 + codeBytes;
    let sum0 = i32x4.splat(0);
    let sum1 = i32x4.splat(0);
    let sum2 = i32x4.splat(0);
    let sum3 = i32x4.splat(0);
    for (let part = query16, last = query16 + (codeBytes << 1); part < last; part += 32) {
      const low = v128.load(part);
      const high = v128.load(part, 16);
      sum0 = i32x4.add(sum0, i32x4.add(i32x4.dot_i16x8_s(v128.load8x8_s(row), low), i32x4.dot_i16x8_s(v128.load8x8_s(row, 8), high)));
      sum1 = i32x4.add(sum1, i32x4.add(i32x4.dot_i16x8_s(v128.load8x8_s(row1), low), i32x4.dot_i16x8_s(v128.load8x8_s(row1, 8), high)));
      sum2 = i32x4.add(sum2, i32x4.add(i32x4.dot_i16x8_s(v128.load8x8_s(row2), low), i32x4.dot_i16x8_s(v128.load8x8_s(row2, 8), high)));
      sum3 = i32x4.add(sum3, i32x4.add(i32x4.dot_i16x8_s(v128.load8x8_s(row3), low), i32x4.dot_i16x8_s(v128.load8x8_s(row3, 8), high)));
      row += 16;
      row1 += 16;
      row2 += 16;
      row3 += 16;
    }
    const pairs01 = i32x4.add(v128.shuffle<i32>(sum0, sum1, 0, 1, 4, 5), v128.shuffle<i32>(sum0, sum1, 2, 3, 6, 7));
    const pairs23 = i32x4.add(v128.shuffle<i32>(sum2, sum3, 0, 1, 4, 5), v128.shuffle<i32>(sum2, sum3, 2, 3, 6, 7));
    const sums = i32x4.add(v128.shuffle<i32>(pairs01, pairs23, 0, 2, 4, 6), v128.shuffle<i32>(pairs01, pairs23, 1, 3, 5, 7));
    v128.store(at, f32x4.convert_i32x4_s(sums));
    row = next;
  }
}
