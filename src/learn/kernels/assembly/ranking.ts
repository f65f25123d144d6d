import { exp } from './exponentials';
import { keep, sort } from './heap';
import { hasNone, startsOf } from './row-mask';
import { dotsOfEight, dotsOfTwo, sumOfLanes } from './vectors';

// A row's score is start + row · query. Of the best rows of a query there is a heap; of all there is a tally of 16
// bytes: the sum of e^(score − highest) (float64), the highest score (float32), and how many rows the heap has
// (uint32). Rows are taken in blocks, whose scores stay in the first-level cache, and no score outlives its block.

/** Rows of a block. */
export const block: usize = 512;

/**
 * Ranks `count` rows (a multiple of 8) of `bytes` for each of `many` queries; the rows are read once for all of them.
 * `starts` has `count` floats a query; where one is −Infinity, the row is left out. The best `limit` (at least 1) of a
 * query, best first, ties by lower row, go to its `limit` entries at `bestRows` and `bestScores`, the rest to its
 * tally, which is 0 before; the sum only if `summing`. `scratch` has room for 1024 floats. `masks` has an address a
 * query: of its mask (row-mask.ts), or 0 if it takes all rows.
 */
export function rankRows(
  rows: usize, count: usize, bytes: usize, queries: usize, starts: usize, many: usize, limit: usize, summing: bool,
  bestRows: usize, bestScores: usize, tallies: usize, scratch: usize, masks: usize,
): void {
  const run = count << 2;
  for (let first: usize = 0; first < count; first += block) {
    const size = min(block, count - first);
    const begin = rows + first * bytes;
    if (many == 1 && hasNone(maskOf(masks, 0, first), size)) continue;
    for (let query: usize = 0; query < many; query++) {
      // Two queries at a time, the last one alone if their number is odd.
      let scores = scratch;
      if (query & 1) scores += block << 2;
      else if (query + 1 < many) scoreForTwo(begin, size, bytes, queries + query * bytes, scratch);
      else scoreRows(begin, size, bytes, queries + query * bytes, scratch);
      const at = (query * limit) << 2;
      const start = starts + query * run + (first << 2);
      const mask = maskOf(masks, query, first);
      take(scores, start, mask, <u32>first, size, limit, bestRows + at, bestScores + at, tallies + (query << 4), summing);
    }
  }
  for (let query: usize = 0; query < many; query++) {
    const at = (query * limit) << 2;
    sort(load<u32>(tallies + (query << 4), 12), bestRows + at, bestScores + at);
  }
}

/**
 * As `rankRows` for one query whose products with the rows are there, `count` floats (a multiple of 8) at `products`,
 * which are lost. `mask` is the address of the query's mask, or 0.
 */
export function rankProducts(
  products: usize, count: usize, start: usize, limit: usize, summing: bool,
  bestRows: usize, bestScores: usize, tally: usize, mask: usize,
): void {
  for (let first: usize = 0; first < count; first += block) {
    const size = min(block, count - first);
    const at = first << 2;
    const blockMask = mask ? mask + (first >> 3) : 0;
    take(products + at, start + at, blockMask, <u32>first, size, limit, bestRows, bestScores, tally, summing);
  }
  sort(load<u32>(tally, 12), bestRows, bestScores);
}

/** out[r] = row r · query, for `count` rows (a multiple of 8) of `bytes` */
export function scoreRows(rows: usize, count: usize, bytes: usize, query: usize, out: usize): void {
  let row = rows;
  for (let at = out, end = out + (count << 2); at < end; at += 32) {
    dotsOfEight(row, query, bytes, at);
    row += bytes << 3;
  }
}

/** The same for the query and the one behind it, whose products go one block further. */
function scoreForTwo(rows: usize, count: usize, bytes: usize, query: usize, out: usize): void {
  let row = rows;
  for (let at = out, end = out + (count << 2); at < end; at += 16) {
    dotsOfTwo(row, row + bytes, row + bytes * 2, row + bytes * 3, query, query + bytes, bytes, at, at + (block << 2));
    row += bytes << 2;
  }
}

/** Of a query, from row `first` on; 0 without one. */
// @ts-ignore: decorator
@inline
function maskOf(masks: usize, query: usize, first: usize): usize {
  const mask: usize = load<u32>(masks + (query << 2));
  return mask ? mask + (first >> 3) : 0;
}

/** Adds the starts to the products of a block, and takes the scores into heap and tally. */
function take(
  scores: usize, start: usize, mask: usize, first: u32, count: usize, limit: usize, bestRows: usize, bestScores: usize, tally: usize, summing: bool,
): void {
  let kept: usize = load<u32>(tally, 12);
  let worst = v128.load32_splat(kept == limit ? bestScores : lowest);
  let greatest = v128.load32_splat(lowest);
  for (let at: usize = 0; at < count << 2; at += 16) {
    const score = f32x4.add(v128.load(scores + at), startsOf(start, at, mask));
    v128.store(scores + at, score);
    greatest = f32x4.pmax(greatest, score);
    // Rows come in ascending order, so one that equals the worst that is kept comes after it.
    let candidates = i32x4.bitmask(f32x4.gt(score, worst));
    while (candidates) {
      const lane: usize = ctz(candidates);
      candidates &= candidates - 1;
      kept = keep(first + <u32>((at >> 2) + lane), load<f32>(scores + at + (lane << 2)), kept, limit, bestRows, bestScores);
      if (kept == limit) worst = v128.load32_splat(bestScores);
    }
  }
  store<u32>(tally, <u32>kept, 12);
  if (summing) addExponentials(scores, count, greatest, tally);
}

/** What every score is greater than. */
export const lowest = memory.data<f32>([-Infinity]);

/**
 * Adds a block, whose greatest score is in a lane of `greatest`, to a tally's sum, first scaling down what is there
 * where all before had lower ones.
 */
export function addExponentials(scores: usize, count: usize, greatest: v128, tally: usize): void {
  const end = scores + (count << 2);
  const highest = greatestLane(greatest);
  if (highest == -Infinity) return;
  let sum = load<f64>(tally);
  let shift = load<f32>(tally, 8);
  if (sum == 0 || highest > shift) {
    sum *= Math.exp(shift - highest);
    shift = highest;
    store<f32>(tally, shift, 8);
  }
  const shifts = f32x4.splat(shift);
  let sums = f32x4.splat(0);
  for (let at = scores; at < end; at += 16) sums = f32x4.add(sums, exp(f32x4.sub(v128.load(at), shifts)));
  store<f64>(tally, sum + sumOfLanes(sums));
}

// @ts-ignore: decorator
@inline
function greatestLane(lanes: v128): f32 {
  return max(
    max(f32x4.extract_lane(lanes, 0), f32x4.extract_lane(lanes, 1)),
    max(f32x4.extract_lane(lanes, 2), f32x4.extract_lane(lanes, 3)),
  );
}
