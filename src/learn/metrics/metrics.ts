/** What one held-out user's ranking showed. */
export type RankingOutcome = {
  /** Ranks of the hits, from 1, ascending. */
  readonly hits: readonly number[];
  /** How much each of them counts; without, all alike. */
  readonly weights?: readonly number[];
  /** How many items there were to find. */
  readonly relevant: number;
};

export function outcomeOf(
  ranking: Uint32Array,
  truth: ReadonlySet<number>,
  weightOf?: ReadonlyMap<number, number>,
): RankingOutcome {
  const hits: number[] = [];
  const weights: number[] = [];
  ranking.forEach((item, position) => {
    if (!truth.has(item)) return;
    hits.push(position + 1);
    if (weightOf) weights.push(weightOf.get(item) ?? 1);
  });
  return { hits, relevant: truth.size, ...(weightOf && { weights }) };
}

/** One over the rank of the first hit within the first `k`; 0 without one. */
export function reciprocalRank({ hits }: RankingOutcome, k: number): number {
  const first = hits[0];
  return first === undefined || first > k ? 0 : 1 / first;
}

/**
 * Discounted cumulative gain of the hits within the first `k` over the best one possible (Järvelin and Kekäläinen
 * 2002), which has min(k, relevant) hits at the top.
 */
export function normalizedDiscountedCumulativeGain({ hits, relevant }: RankingOutcome, k: number): number {
  const best = bestGain(k, relevant);
  return best === 0 ? 0 : gain(hits.filter((rank) => rank <= k)) / best;
}

/**
 * The same with each hit weighted by its event type's weight over the mean of all weights (spec training.md §9.4). What
 * it is divided by stays as it is, so that heavy hits at the top come to more than 1.
 */
export function weightedGain({ hits, weights = [], relevant }: RankingOutcome, k: number): number {
  const best = bestGain(k, relevant);
  const gains = hits.map((rank, n) => (rank <= k ? weights[n] * gain([rank]) : 0));
  return best === 0 ? 0 : gains.reduce((sum, each) => sum + each, 0) / best;
}

const bestGain = (k: number, relevant: number) => gain(Array.from({ length: Math.min(k, relevant) }, (_, n) => n + 1));

export const precision = ({ hits }: RankingOutcome, k: number): number => hits.filter((rank) => rank <= k).length / k;

const gain = (ranks: readonly number[]) => ranks.reduce((sum, rank) => sum + 1 / Math.log2(1 + rank), 0);

/** The deepest rank that a metric looks at. */
export const deepest = 25;

/** The service's metrics (spec training.md §9.2 to 9.4): names in order, means over the users, 4 decimals. */
export function summarize(
  outcomes: readonly RankingOutcome[],
  coverage: number,
  weighted = false,
): Record<string, number> {
  const mean = (metric: (outcome: RankingOutcome) => number) =>
    round(outcomes.reduce((sum, outcome) => sum + metric(outcome), 0) / Math.max(outcomes.length, 1));
  const ndcg = (k: number) => mean((outcome) => normalizedDiscountedCumulativeGain(outcome, k));
  const metrics: Record<string, number> = {
    coverage: round(coverage),
    [`mean_reciprocal_rank_at_${deepest}`]: mean((outcome) => reciprocalRank(outcome, deepest)),
  };
  for (const k of [5, 10, 25]) metrics[`normalized_discounted_cumulative_gain_at_${k}`] = ndcg(k);
  for (const k of [5, 10, 25]) metrics[`precision_at_${k}`] = mean((outcome) => precision(outcome, k));
  if (weighted) {
    for (const k of [5, 10, 25]) {
      metrics[`normalized_discounted_cumulative_gain_with_event_weights_at_${k}`] = mean((outcome) =>
        weightedGain(outcome, k),
      );
    }
  }
  return Object.fromEntries(Object.entries(metrics).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export const round = (value: number) => Math.round(value * 10_000) / 10_000;
