/** e^logit over the sum of all of them, given the logarithm of that sum: 7 decimals, as the service shows. */
export const probability = (logit: number, logSum: number): number => Math.round(Math.exp(logit - logSum) * 1e7) / 1e7;
