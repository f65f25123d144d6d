import { startUniforms, uniform } from './random';

/**
 * How often each of `classes` is a target (float64) becomes ln (1 − p) of its share p of all. A class of none counts as
 * half a one.
 */
export function logsOfMissing(counts: usize, classes: usize): void {
  const end = counts + (classes << 3);
  let total: f64 = 0;
  for (let at = counts; at < end; at += 8) total += max(load<f64>(at), 0.5);
  for (let at = counts; at < end; at += 8) {
    store<f64>(at, Math.log1p(-min(max(load<f64>(at), 0.5) / total, 1 - 1e-9)));
  }
}

/**
 * Draws `size` different classes (at most as many as there are), among them at most `inBatch` of the `tokens` targets
 * whose weight is more than 0. Of each it writes the class to `negatives` and the logarithm of its chance to
 * `logCounts` (float32); of each target its slot among the negatives to `hits`, counted from 1, 0 where it is none.
 * `logMissed` is what logsOfMissing made, and is not read where `inBatch` is 0. `slots` has one zero for each class,
 * before and after; `different` has room for all targets.
 */
export function drawNegatives(
  targets: usize, weights: usize, tokens: usize, inBatch: usize, size: usize, classes: usize, seed: u32,
  logMissed: usize, slots: usize, different: usize, negatives: usize, logCounts: usize, hits: usize,
): void {
  startUniforms(seed);
  const count = inBatch > 0 ? distinct(targets, weights, tokens, slots, different) : 0;
  const fromBatch = min(inBatch, count);
  choose(different, count, fromBatch);
  for (let n: usize = 0; n < fromBatch; n++) take(load<u32>(different + (n << 2)), n, slots, negatives);
  fill(fromBatch, size, classes, slots, negatives);
  for (let at: usize = 0; at < tokens << 2; at += 4) store<u32>(hits + at, load<u32>(slotOf(load<u32>(targets + at), slots)));
  for (let at: usize = 0; at < size << 2; at += 4) store<u32>(slotOf(load<u32>(negatives + at), slots), 0);
  const kept: f64 = count > 0 ? <f64>fromBatch / <f64>count : 0;
  const even: f64 = size > fromBatch ? <f64>(size - fromBatch) / <f64>(classes - fromBatch) : 0;
  const counting = <f64>countWeighted(weights, tokens);
  for (let n: usize = 0; n < size; n++) {
    const missed = count > 0 ? load<f64>(logMissed + (<usize>load<u32>(negatives + (n << 2)) << 3)) : 0;
    const own = kept * -Math.expm1(counting * missed);
    store<f32>(logCounts + (n << 2), <f32>ln(own + (1 - own) * even));
  }
}

/**
 * Lists the different targets of a weight of more than 0 in the order in which they come first; returns how many there
 * are.
 */
function distinct(targets: usize, weights: usize, tokens: usize, slots: usize, list: usize): usize {
  let end = list;
  for (let at: usize = 0; at < tokens << 2; at += 4) {
    const target = load<u32>(targets + at);
    const slot = slotOf(target, slots);
    if (!(load<f32>(weights + at) > 0) || load<u32>(slot) != 0) continue;
    store<u32>(slot, 1);
    store<u32>(end, target);
    end += 4;
  }
  for (let at = list; at < end; at += 4) store<u32>(slotOf(load<u32>(at), slots), 0);
  return (end - list) >> 2;
}

/** Moves `chosen` of the list's `count` entries to its begin, drawn without replacement (Durstenfeld 1964). */
function choose(list: usize, count: usize, chosen: usize): void {
  for (let n: usize = 0; n < chosen; n++) {
    const one = list + (n << 2);
    const other = one + (<usize>(uniform() * <f64>(count - n)) << 2);
    const entry = load<u32>(other);
    store<u32>(other, load<u32>(one));
    store<u32>(one, entry);
  }
}

/** Negatives from the one numbered `filled` on, drawn evenly from the classes that are none yet. */
function fill(filled: usize, size: usize, classes: usize, slots: usize, negatives: usize): void {
  while (filled < size) {
    const id = <u32>(uniform() * <f64>classes);
    if (load<u32>(slotOf(id, slots)) != 0) continue;
    take(id, filled, slots, negatives);
    filled += 1;
  }
}

// @ts-ignore: decorator
@inline
function take(id: u32, number: usize, slots: usize, negatives: usize): void {
  store<u32>(negatives + (number << 2), id);
  store<u32>(slotOf(id, slots), <u32>number + 1);
}

// @ts-ignore: decorator
@inline
function slotOf(id: u32, slots: usize): usize {
  return slots + (<usize>id << 2);
}

function countWeighted(weights: usize, tokens: usize): usize {
  let count: usize = 0;
  for (let at = weights, end = weights + (tokens << 2); at < end; at += 4) count += usize(load<f32>(at) > 0);
  return count;
}

/** ln x for x from 0 to 1. The library's own would bring tables that do not fit before the memory's regions. */
// @ts-ignore: decorator
@inline
function ln(x: f64): f64 {
  return -Math.log1p((1 - x) / x);
}
