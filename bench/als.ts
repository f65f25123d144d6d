import { availableParallelism } from 'node:os';
import { trainAls } from '../src/learn/kernels/als.ts';
import type { Csr } from '../src/learn/kernels/csr.ts';
import { generateInteractions, movieLensLike, quickSize } from './generated-interactions.ts';
import { runImplicit } from './implicit/run.ts';
import type { BenchOptions, BenchResult } from './result.ts';

const factors = 64;
const iterations = 5;

/** ALS beside implicit's AlternatingLeastSquares (CPU, conjugate gradient, 3 steps as ours): the median iteration. */
export async function benchAls({ quick }: BenchOptions): Promise<BenchResult[]> {
  const matrix = generateInteractions(quick ? quickSize : movieLensLike);
  const threads = availableParallelism();
  const ours = median(await timeIterations(matrix, threads));
  const memory = process.resourceUsage().maxRSS / 2 ** 20; // maxRSS is in KiB
  const request = { model: 'als', threads, size: factors, iterations } as const;
  // The shape of what bench/implicit/peer.py prints.
  const peer = (await runImplicit(matrix, request)) as { secondsPerIteration: number[] };
  const theirs = median(peer.secondsPerIteration);
  const interactions = matrix.indices.length;
  const size = `${interactions} interactions, ${matrix.rows} users, ${matrix.columns} items`;
  return [
    {
      name: 'als: an iteration',
      value: ours,
      unit: 's',
      ratio: ours / theirs,
      limit: 1,
      detail: `${size}, ${factors} factors, ${threads} threads; implicit ${theirs.toFixed(2)} s`,
    },
    { name: 'als: throughput', value: interactions / ours, unit: 'interactions/s', detail: 'both half-iterations' },
    { name: 'als: peak memory', value: memory, unit: 'GiB', limit: 4, detail: 'the whole process, data included' },
  ];
}

async function timeIterations(userItems: Csr, threads: number): Promise<number[]> {
  const times: number[] = [];
  let began = performance.now();
  const onIteration = () => {
    times.push((performance.now() - began) / 1000);
    began = performance.now();
  };
  const objective = { regularization: 0.003, alpha: 0.1 };
  await trainAls({ userItems, ...objective, factors, iterations, seed: 1, threads, onIteration });
  return times;
}

const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
