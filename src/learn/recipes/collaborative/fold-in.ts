import type { FactorScorer } from '../../kernels/factor-scorer.ts';

/** An interaction counts half as much for each eight newer ones: what users do next resembles what they did last. */
const halfLife = 8;

/** The factors of someone with this history, from the oldest item to the newest, each item counting once. */
export function factorsOf(scorer: FactorScorer, history: Uint32Array, steps: number): Float32Array {
  const newest = new Set(history.subarray(Math.max(history.length - steps, 0)).toReversed());
  const weights = Float32Array.from({ length: newest.size }, (_, age) => 2 ** (-age / halfLife));
  return scorer.userVector(Uint32Array.from(newest), weights);
}

/** The scores of all items for someone with this history. */
export function foldIn(scorer: FactorScorer, history: Uint32Array, steps: number): Float32Array {
  const [scores] = scorer.scores([factorsOf(scorer, history, steps)]);
  return scores ?? new Float32Array();
}
