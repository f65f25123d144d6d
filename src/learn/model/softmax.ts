/** e^logit over the sum of all of them, given the logarithm of that sum: 7 decimals, as the service shows. */
export const probability = (logit: number, logSum: number): number => Math.round(Math.exp(logit - logSum) * 1e7) / 1e7;

/**
 * ln (e^logSum + Σ e^logit): the scale of items that are put beside those of a sum. Without themselves in it their
 * scores could be above 1, where a filter has left few others, and no number where it has left none.
 */
export function logSumBeside(logSum: number, logits: readonly number[]): number {
  const highest = Math.max(logSum, ...logits);
  if (highest === Number.NEGATIVE_INFINITY) return highest;
  const exponentials = [logSum, ...logits].map((logit) => Math.exp(logit - highest));
  return highest + Math.log(exponentials.reduce((sum, exponential) => sum + exponential, 0));
}
