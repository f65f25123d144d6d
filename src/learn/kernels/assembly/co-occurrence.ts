import { keep, sort } from './heap';

// One row of AᵀA at a time into a dense accumulator: the sparse accumulator of Gustavson (1978).

/** For every user at `users` (`count` of them): adds 1 to `counts` at each of the user's items. */
export function countPairs(users: usize, count: usize, offsets: usize, indices: usize, counts: usize): void {
  for (let at = users, end = users + (count << 2); at < end; at += 4) {
    const range = offsets + (load<u32>(at) << 2);
    const last = indices + (load<u32>(range, 4) << 2);
    let item = indices + (load<u32>(range) << 2);
    for (; item + 16 <= last; item += 16) {
      countOne(counts, load<u32>(item));
      countOne(counts, load<u32>(item, 4));
      countOne(counts, load<u32>(item, 8));
      countOne(counts, load<u32>(item, 12));
    }
    for (; item < last; item += 4) countOne(counts, load<u32>(item));
  }
}

// @ts-ignore: decorator
@inline
function countOne(counts: usize, item: u32): void {
  const cell = counts + (item << 2);
  store<u32>(cell, load<u32>(cell) + 1);
}

/**
 * As `countPairs`, and adds the weight of each pair to `weights`. `moments` is parallel to `users` (seconds of this
 * item's interactions), `times` to `indices`. The weight is inOrder[d] or outOfOrder[d] of the whole days d between the
 * two, times history[age] of the whole days between `newest` and the later one; pairs further apart than `maximumGap`
 * seconds are left out.
 */
export function weighPairs(
  users: usize, moments: usize, count: usize, offsets: usize, indices: usize, times: usize,
  maximumGap: f64, newest: f64, inOrder: usize, outOfOrder: usize, history: usize, counts: usize, weights: usize,
): void {
  for (let n: usize = 0; n < count; n++) {
    const range = offsets + (load<u32>(users + (n << 2)) << 2);
    const moment = load<f64>(moments + (n << 3));
    const last: usize = load<u32>(range, 4);
    for (let entry: usize = load<u32>(range); entry < last; entry++) {
      const other = load<f64>(times + (entry << 3));
      const gap = abs(other - moment);
      if (gap > maximumGap) continue;
      const days = <usize>(gap / 86400) << 2;
      const age = <usize>((newest - max(other, moment)) / 86400) << 2;
      const item = <usize>load<u32>(indices + (entry << 2)) << 2;
      const decay = load<f32>((other >= moment ? inOrder : outOfOrder) + days) * load<f32>(history + age);
      store<u32>(counts + item, load<u32>(counts + item) + 1);
      store<f32>(weights + item, load<f32>(weights + item) + decay);
    }
  }
}

/**
 * Takes the best `limit` (at least 1) out of all `items`, sorted, best first, ties by lower index; returns how many
 * there are. A score is the weight (the count, where `weights` is 0) times the item's entry at `columnWeights` (1,
 * where that is 0). `self` and items with a count below `minimum` (at least 1) are left out. The counts (and weights)
 * are zero afterwards. All arrays are padded to whole groups of four; the padding of the counts is zero.
 */
export function bestOfAll(
  counts: usize, weights: usize, columnWeights: usize, items: usize, self: u32, minimum: u32, limit: usize,
  bestItems: usize, bestScores: usize,
): usize {
  let kept: usize = 0;
  const fewest = i32x4.splat(minimum);
  let worst = f32x4.splat(-Infinity);
  for (let group: usize = 0; group < items << 2; group += 16) {
    const pairs = v128.load(counts + group);
    let score = weights ? v128.load(weights + group) : f32x4.convert_i32x4_u(pairs);
    if (columnWeights) score = f32x4.mul(score, v128.load(columnWeights + group));
    // Items come in ascending order, so one that equals the worst that is kept comes after it.
    let candidates = i32x4.bitmask(v128.and(i32x4.ge_u(pairs, fewest), f32x4.gt(score, worst)));
    while (candidates) {
      const lane = ctz(candidates);
      candidates &= candidates - 1;
      const item = <u32>(group >> 2) + lane;
      if (item == self) continue;
      kept = keep(item, scoreOf(item, load<u32>(counts + (item << 2)), weights, columnWeights), kept, limit, bestItems, bestScores);
      if (kept == limit) worst = v128.load32_splat(bestScores);
    }
  }
  memory.fill(counts, 0, items << 2);
  if (weights) memory.fill(weights, 0, items << 2);
  return sort(kept, bestItems, bestScores);
}

/** As `bestOfAll`, but visits only the items of the users at `users`: for rows that touch few of very many items. */
export function bestOfTouched(
  users: usize, count: usize, offsets: usize, indices: usize,
  counts: usize, weights: usize, columnWeights: usize, self: u32, minimum: u32, limit: usize,
  bestItems: usize, bestScores: usize,
): usize {
  let kept: usize = 0;
  for (let at = users, end = users + (count << 2); at < end; at += 4) {
    const range = offsets + (load<u32>(at) << 2);
    const last = indices + (load<u32>(range, 4) << 2);
    for (let entry = indices + (load<u32>(range) << 2); entry < last; entry += 4) {
      const item = load<u32>(entry);
      const pairs = load<u32>(counts + (item << 2));
      if (!pairs) continue;
      store<u32>(counts + (item << 2), 0);
      if (pairs >= minimum && item != self) {
        kept = keep(item, scoreOf(item, pairs, weights, columnWeights), kept, limit, bestItems, bestScores);
      }
      if (weights) store<f32>(weights + (item << 2), 0);
    }
  }
  return sort(kept, bestItems, bestScores);
}

// @ts-ignore: decorator
@inline
function scoreOf(item: u32, count: u32, weights: usize, columnWeights: usize): f32 {
  const weight = weights ? load<f32>(weights + (item << 2)) : <f32>count;
  return columnWeights ? weight * load<f32>(columnWeights + (item << 2)) : weight;
}
