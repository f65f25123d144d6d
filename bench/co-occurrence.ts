import { availableParallelism } from 'node:os';
import { coOccurrence } from '../src/learn/kernels/co-occurrence.ts';
import { generateInteractions, movieLensLike, quickSize } from './generated-interactions.ts';
import { runImplicit } from './peers/implicit.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { Stopwatch } from './stopwatch.ts';

const topN = 100;

/** Exact item-item co-occurrence beside implicit's ItemItemRecommender. */
export async function benchCoOccurrence({ quick }: BenchOptions): Promise<BenchResult[]> {
  const userItems = generateInteractions(quick ? quickSize : movieLensLike);
  const threads = availableParallelism();
  const stopwatch = new Stopwatch();
  await coOccurrence({ userItems, topN, minimumCount: 1, threads });
  const { seconds: ours, cpuSeconds: cpu } = stopwatch.lap();
  const memory = process.resourceUsage().maxRSS / 2 ** 20; // maxRSS is in KiB
  const peer = await runImplicit(userItems, { model: 'co-occurrence', threads, size: topN, iterations: 1 });
  const theirs = peer.seconds[0] ?? Number.NaN;
  const interactions = userItems.indices.length;
  const size = `${interactions} interactions, ${userItems.rows} users, ${userItems.columns} items`;
  const beside = `implicit ${theirs.toFixed(1)} s; CPU ${cpu.toFixed(1)} s, implicit ${peer.cpuSeconds.toFixed(1)} s`;
  return [
    {
      name: 'co-occurrence: from interactions to neighbours',
      value: ours,
      unit: 's',
      ratio: ours / theirs,
      limit: 1,
      detail: `${size}, the best ${topN} of each, ${threads} threads; ${beside}`,
    },
    { name: 'co-occurrence: throughput', value: interactions / ours, unit: 'interactions/s' },
    {
      name: 'co-occurrence: peak memory',
      value: memory,
      unit: 'GiB',
      limit: 4,
      detail: 'the whole process, data included',
    },
  ];
}
