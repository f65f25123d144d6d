import { setImmediate as letOthersRun } from 'node:timers/promises';
import { uniqueUsersByItem, userCount } from '../learn/histories/histories.ts';
import {
  normalizedDiscountedCumulativeGain,
  outcomeOf,
  type RankingOutcome,
  reciprocalRank,
} from '../learn/metrics/metrics.ts';
import type { Query } from '../learn/metrics/split.ts';
import { maskWithout } from '../learn/model/item-mask.ts';
import type { Progress } from '../util/progress.ts';
import type { Ranker } from './candidate-model.ts';
import { type Segment, segmentsOf } from './segments.ts';
import type { Trial, TrialQuery } from './trial.ts';

/** By name: `hr@10`, `ndcg@10` … */
export type Metrics = Readonly<Record<string, number>>;

export type Measurement = {
  readonly queries: number;
  readonly metrics: Metrics;
  readonly segments: Readonly<Record<string, { readonly queries: number; readonly metrics: Metrics }>>;
};

const batchSize = 256;
const nothing = new Uint32Array();

/**
 * Asks a ranker all `queries` of a trial and compares with the truth, in rankings of all items but those that it
 * excludes. The metrics at each of `ks`, means over the queries (docs/evaluation.md): hr, recall, ndcg, mrr, and over
 * the lists as a whole coverage and novelty.
 */
export async function measure(
  ranker: Ranker,
  trial: Trial,
  queries: readonly TrialQuery[],
  ks: readonly number[],
  progress: Progress,
): Promise<Measurement> {
  const all = new Tally(ks);
  const parts = segmentsOf(trial).map((segment) => ({ segment, tally: new Tally(ks) }));
  const lists = new Lists(trial, ks);
  for (let begin = 0; begin < queries.length; begin += batchSize) {
    progress.report(begin / queries.length, 'ranking');
    await letOthersRun();
    progress.signal.throwIfAborted();
    const batch = queries.slice(begin, begin + batchSize);
    const rankings = await ranker.rank(
      batch.map(({ input, excluded }) => ({ input, eligible: maskOf(trial, excluded) })),
      Math.max(...ks),
    );
    for (const [n, query] of batch.entries()) {
      const ranking = rankings[n] ?? nothing;
      lists.add(ranking);
      all.add(outcomeOf(ranking, query.truth));
      for (const { segment, tally } of parts) {
        const truth = truthWithin(segment, query);
        if (truth.size > 0) tally.add(outcomeOf(ranking, truth));
      }
    }
  }
  return {
    queries: all.count,
    metrics: { ...all.means(), ...lists.metrics() },
    segments: Object.fromEntries(
      parts.map(({ segment, tally }) => [segment.name, { queries: tally.count, metrics: tally.means() }]),
    ),
  };
}

/** Trials keep lists of items, as masks of all their queries would take far more memory. */
const maskOf = ({ items }: Trial, excluded: Uint32Array) =>
  excluded.length === 0 ? undefined : maskWithout(items.size, excluded);

const truthWithin = (segment: Segment, query: Query): ReadonlySet<number> =>
  new Set(Array.from(query.truth).filter((item) => segment.holds(query, item)));

const outcomeMetrics: Readonly<Record<string, (outcome: RankingOutcome, k: number) => number>> = {
  hr: ({ hits }, k) => (hits.some((rank) => rank <= k) ? 1 : 0),
  ndcg: normalizedDiscountedCumulativeGain,
  recall: ({ hits, relevant }, k) => hits.filter((rank) => rank <= k).length / relevant,
  mrr: reciprocalRank,
};

/** Sums of the metrics of queries. */
class Tally {
  count = 0;
  readonly #sums: { readonly name: string; readonly of: (outcome: RankingOutcome) => number; sum: number }[];

  constructor(ks: readonly number[]) {
    this.#sums = ks.flatMap((k) =>
      Object.entries(outcomeMetrics).map(([name, metric]) => ({
        name: `${name}@${k}`,
        of: (outcome: RankingOutcome) => metric(outcome, k),
        sum: 0,
      })),
    );
  }

  add(outcome: RankingOutcome): void {
    this.count++;
    for (const entry of this.#sums) entry.sum += entry.of(outcome);
  }

  /** Zeros without a query. */
  means(): Metrics {
    return Object.fromEntries(this.#sums.map(({ name, sum }) => [name, sum / Math.max(this.count, 1)]));
  }
}

/** What the recommended lists are made of. */
class Lists {
  readonly #ks: readonly { readonly k: number; readonly recommended: Uint8Array; information: number; items: number }[];
  readonly #information: Float64Array;

  constructor({ training, items }: Trial, ks: readonly number[]) {
    this.#ks = ks.map((k) => ({ k, recommended: new Uint8Array(items.size), information: 0, items: 0 }));
    const users = userCount(training);
    // In bits; an item that nobody has had is as unexpected as one that one user has had.
    this.#information = Float64Array.from(uniqueUsersByItem(training, items.size), (count) =>
      Math.log2(users / Math.max(count, 1)),
    );
  }

  add(ranking: Uint32Array): void {
    for (const list of this.#ks) {
      for (const item of ranking.subarray(0, list.k)) {
        list.recommended[item] = 1;
        list.information += this.#information[item];
        list.items++;
      }
    }
  }

  metrics(): Metrics {
    const named = this.#ks.flatMap(({ k, recommended, information, items }) => [
      [`coverage@${k}`, recommended.reduce((sum, one) => sum + one, 0) / Math.max(recommended.length, 1)] as const,
      [`novelty@${k}`, information / Math.max(items, 1)] as const,
    ]);
    return Object.fromEntries(named);
  }
}
