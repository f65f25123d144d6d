/** exp(logit) over the sum of all of them, for the entries in `of`: 7 decimals, as the service shows. */
export function softmax(logits: Float32Array, of: Uint32Array): number[] {
  const highest = logits.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - highest);
  return Array.from(of, (n) => Math.round((Math.exp((logits[n] ?? 0) - highest) / sum) * 1e7) / 1e7);
}
