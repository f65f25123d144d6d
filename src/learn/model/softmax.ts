/** e^logit over the sum of all of them, given the logarithm of that sum: 7 decimals, as the service shows. */
export const probability = (logit: number, logSum: number): number => Math.round(Math.exp(logit - logSum) * 1e7) / 1e7;

/** ln Σ e^logit */
export function logSumExp(logits: Float32Array): number {
  const highest = logits.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
  return highest + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - highest), 0));
}
