import { sumExponentials } from '../kernels/sum-exponentials.ts';

/**
 * exp(logit) over the sum of all of them, for the entries in `best`: 7 decimals, as the service shows.
 *
 * @param best the greatest logit first
 */
export function softmax(logits: Float32Array, best: Uint32Array): number[] {
  const highest = logits[best[0] ?? 0] ?? 0;
  const sum = sumExponentials(logits, highest);
  return Array.from(best, (n) => Math.round((Math.exp((logits[n] ?? 0) - highest) / sum) * 1e7) / 1e7);
}
