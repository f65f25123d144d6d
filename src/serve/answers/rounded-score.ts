/** The service's scores have 7 decimals. */
export const roundedScore = (score: number): number => Math.round(score * 1e7) / 1e7;
