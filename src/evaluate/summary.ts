import type { Comparison, Run } from './compare.ts';
import type { Measurement, Metrics } from './measure.ts';
import { type QueryKind, queryKinds } from './protocols/protocol.ts';

/** A measurement over several seeds: means, and standard deviations where there is more than one seed. */
export type Summary = Measurement & { readonly deviations?: Metrics };

export type ModelSummary = {
  readonly model: string;
  readonly kind: 'recipe' | 'baseline';
  /** Why it was not measured; the rest is missing then. */
  readonly skipped?: string;
  readonly runs?: number;
  /** Means, of one model. */
  readonly trainingSeconds?: number;
  readonly rankingSeconds?: number;
  readonly asked?: Readonly<Partial<Record<QueryKind, Summary>>>;
};

/** One row a model. */
export function summarizeComparison({ candidates }: Comparison): readonly ModelSummary[] {
  return candidates.map((candidate) => {
    const facts = { model: candidate.name, kind: candidate.kind };
    if ('skipped' in candidate) return { ...facts, skipped: candidate.skipped };
    const { runs } = candidate;
    return {
      ...facts,
      runs: runs.length,
      trainingSeconds: mean(runs.map((run) => run.trainingSeconds)),
      rankingSeconds: mean(runs.map((run) => run.rankingSeconds)),
      asked: Object.fromEntries(
        queryKinds.flatMap((kind) => {
          const summary = summaryOf(runs, kind);
          return summary === undefined ? [] : [[kind, summary] as const];
        }),
      ),
    };
  });
}

function summaryOf(runs: readonly Run[], kind: QueryKind): Summary | undefined {
  const all = runs.flatMap(({ measurements }) => measurements[kind] ?? []);
  const [first] = all;
  if (first === undefined) return undefined;
  const names = Object.keys(first.segments);
  return {
    queries: first.queries,
    metrics: combine(
      all.map(({ metrics }) => metrics),
      mean,
    ),
    ...(all.length > 1 && {
      deviations: combine(
        all.map(({ metrics }) => metrics),
        standardDeviation,
      ),
    }),
    segments: Object.fromEntries(names.map((name) => [name, segmentOver(all, name)])),
  };
}

/** Means over the runs that ask something of the segment. */
function segmentOver(all: readonly Measurement[], name: string): Measurement['segments'][string] {
  const found = all.flatMap(({ segments }) => segments[name] ?? []);
  const asked = found.filter(({ queries }) => queries > 0);
  return {
    queries: found[0].queries,
    metrics: combine(
      (asked.length > 0 ? asked : found).map(({ metrics }) => metrics),
      mean,
    ),
  };
}

const combine = (all: readonly Metrics[], how: (values: readonly number[]) => number): Metrics =>
  Object.fromEntries(Object.keys(all[0] ?? {}).map((name) => [name, how(all.map((metrics) => metrics[name] ?? 0))]));

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of a sample. */
function standardDeviation(values: readonly number[]): number {
  const center = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1));
}
