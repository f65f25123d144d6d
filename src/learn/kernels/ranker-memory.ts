import { wordBits } from './bits.ts';
import type { Coding } from './codes.ts';
import { MemoryPlan } from './wasm.ts';

/** Queries for which the rows are read once, and entries of all their heaps where there are no more rows. */
const most = { queries: 8, entries: 8192 };
const scratchFloats = 1024;

export type RankerAddresses = ReturnType<typeof planRanker>['addresses'];

/** Of a mask of `count` rows, in whole words. */
export const maskBytes = (count: number) => 4 * Math.ceil(count / wordBits);

/**
 * The memory of a ranker of `count` vectors of `bytes`, and where in it things lie. @throws RangeError beyond 4 GiB.
 */
export function planRanker(count: number, bytes: number, coding: Coding | undefined) {
  const plan = new MemoryPlan();
  const queriesAtOnce = coding ? 1 : most.queries;
  const entries = Math.max(most.entries, count);
  const addresses = {
    queriesAtOnce,
    entries,
    rows: plan.take(count * bytes),
    codes: plan.take(coding ? count * coding.rowBytes : 0),
    scales: plan.take(coding ? count * 4 : 0),
    errors: plan.take(coding ? count * 4 : 0),
    query16: plan.take(coding ? 2 * coding.rowBytes : 0),
    starts: plan.take(queriesAtOnce * count * 4),
    queries: plan.take(queriesAtOnce * bytes),
    bestRows: plan.take(entries * 4),
    bestScores: plan.take(entries * 4),
    tallies: plan.take(queriesAtOnce * 16),
    scratch: plan.take(scratchFloats * 4),
    products: plan.take(count * 4),
    masks: plan.take(queriesAtOnce * 4),
    maskBits: plan.take(queriesAtOnce * maskBytes(count)),
  };
  return { addresses, memory: plan.allocate('own') };
}
