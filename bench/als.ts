import { availableParallelism } from 'node:os';
import { trainAls } from '../src/learn/kernels/als.ts';
import type { Csr } from '../src/learn/kernels/csr.ts';
import { generateInteractions, movieLensLike, quickSize } from './generated-interactions.ts';
import { median } from './median.ts';
import { runImplicit } from './peers/implicit.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { Stopwatch } from './stopwatch.ts';

const factors = 64;
const iterations = 5;

/** ALS beside implicit's AlternatingLeastSquares (CPU, conjugate gradient, 3 steps as ours): the median iteration. */
export async function benchAls({ quick }: BenchOptions): Promise<BenchResult[]> {
  const matrix = generateInteractions(quick ? quickSize : movieLensLike);
  const threads = availableParallelism();
  const laps = await timeIterations(matrix, threads);
  const ours = median(laps.map(({ seconds }) => seconds));
  const cpu = median(laps.map(({ cpuSeconds }) => cpuSeconds));
  const memory = process.resourceUsage().maxRSS / 2 ** 20; // maxRSS is in KiB
  const peer = await runImplicit(matrix, { model: 'als', threads, size: factors, iterations });
  const theirs = median(peer.seconds);
  const interactions = matrix.indices.length;
  const size = `${interactions} interactions, ${matrix.rows} users, ${matrix.columns} items`;
  const beside = `implicit ${theirs.toFixed(2)} s; CPU ${cpu.toFixed(2)} s, implicit ${peer.cpuSeconds.toFixed(2)} s`;
  return [
    {
      name: 'als: an iteration',
      value: ours,
      unit: 's',
      ratio: ours / theirs,
      limit: 1,
      detail: `${size}, ${factors} factors, ${threads} threads; ${beside}`,
    },
    { name: 'als: throughput', value: interactions / ours, unit: 'interactions/s', detail: 'both half-iterations' },
    { name: 'als: peak memory', value: memory, unit: 'GiB', limit: 4, detail: 'the whole process, data included' },
  ];
}

async function timeIterations(userItems: Csr, threads: number): Promise<ReturnType<Stopwatch['lap']>[]> {
  const laps: ReturnType<Stopwatch['lap']>[] = [];
  const stopwatch = new Stopwatch();
  const onIteration = () => laps.push(stopwatch.lap());
  const objective = { regularization: 0.003, alpha: 0.1 };
  await trainAls({ userItems, ...objective, factors, iterations, seed: 1, threads, onIteration });
  return laps;
}
