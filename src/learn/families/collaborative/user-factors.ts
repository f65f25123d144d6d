import type { FoldIn } from '../../kernels/fold-in.ts';

/** An interaction counts half as much for each eight newer ones: what users do next resembles what they did last. */
const halfLife = 8;

/** The factors of someone with this history, from the oldest item to the newest, each item counting once. */
export function userFactors(foldIn: FoldIn, history: Uint32Array, steps: number): Float32Array {
  const newest = new Set(history.subarray(Math.max(history.length - steps, 0)).toReversed());
  const weights = Float32Array.from({ length: newest.size }, (_, age) => 2 ** (-age / halfLife));
  return foldIn.userVector(Uint32Array.from(newest), weights);
}
