// The reference implementation of the ranking kernels, in double precision, which the tests compare them with.
import { topK } from './top-k.ts';

export function rankReference(
  vectors: Float32Array,
  width: number,
  { vector, starts }: { readonly vector: Float32Array; readonly starts: Float32Array },
  limit: number,
) {
  const scores = Float32Array.from(starts, (start, row) =>
    vector.reduce((sum, value, n) => sum + value * vectors[row * width + n], start),
  );
  const rows = topK(scores, limit).filter((row) => starts[row] > Number.NEGATIVE_INFINITY);
  const highest = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
  return {
    rows,
    scores: Float32Array.from(rows, (row) => scores[row]),
    scoreOf: (row: number) => scores[row],
    logSum: highest + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - highest), 0)),
  };
}
