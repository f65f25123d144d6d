import type { Comparison, EvaluationRequest } from '../evaluate/compare.ts';
import { type QueryKind, queryKinds } from '../evaluate/protocols/protocol.ts';
import { type ModelSummary, type Summary, summarizeComparison } from '../evaluate/summary.ts';
import { type Column, table } from '../terminal/table.ts';

/** What the JSON file has of a comparison: everything, with the request that led to it. */
export const reportOf = (request: EvaluationRequest, comparison: Comparison) => ({
  request,
  training: comparison.training,
  models: summarizeComparison(comparison),
});

type Report = ReturnType<typeof reportOf>;

const kinds: Readonly<Record<QueryKind, string>> = {
  user: 'One query a user, for all that is held out of the history',
  cold: 'One query a user, for the items held out, in rankings of the items that do not train alone',
  event: 'One query a held-out event, from all events before it',
  besideCold: 'One query for each pair, for what trains beside an item that does not',
  coldBeside: 'One query for each pair, for an item that does not train beside one that does',
  item: 'Segments of the users for each item',
  text: 'Items beside each item that at least 20 interactions are with',
  attribute: 'Segments of the users for items with each attribute',
};

/** The report as tables of text. */
export function reportText({ request, training, models }: Report): string {
  const { users, items, interactions } = training;
  const title = `${request.protocol}: ${interactions} interactions of ${users} users train, ${items} items are ranked`;
  const asked = queryKinds.flatMap((kind) => {
    const measured = models.flatMap((model) => {
      const summary = model.asked?.[kind];
      return summary === undefined ? [] : [{ model, summary }];
    });
    return measured.length === 0 ? [] : [tablesOf(kind, measured, request.k)];
  });
  const skipped = models.flatMap((model) =>
    model.skipped === undefined ? [] : [`${model.model}: ${model.skipped}.\n`],
  );
  return [`${title}\n`, ...asked, ...skipped].join('\n');
}

type Measured = { readonly model: ModelSummary; readonly summary: Summary };

function tablesOf(kind: QueryKind, measured: readonly Measured[], ks: readonly number[]): string {
  const queries = measured[0]?.summary.queries ?? 0;
  if (kind === 'item' || kind === 'attribute') return `${kinds[kind]}: ${queries}\n\n${userSegmentsTable(measured)}`;
  if (kind === 'text') return `${kinds[kind]}: ${queries}\n\n${similarTextsTable(measured, ks)}`;
  const tables = [
    ...ks.map((k) => metricsTable(measured, k)),
    ...ks.slice(0, 1).map((k) => segmentsTable(measured, k)),
  ];
  return `${kinds[kind]}: ${queries}\n\n${tables.join('\n')}`;
}

const outcomeMetrics = { hr: 'HR', ndcg: 'NDCG', recall: 'recall', mrr: 'MRR' };

function metricsTable(measured: readonly Measured[], k: number): string {
  const outcomes = Object.entries(outcomeMetrics);
  const titles = [
    ...outcomes.map(([, title]) => `${title}@${k}`),
    `coverage@${k}`,
    `novelty@${k}`,
    'training s',
    'ranking s',
  ];
  return table(
    [{ title: 'model' }, ...titles.map(rightAligned)],
    measured.map(({ model, summary }) => [
      model.model,
      ...outcomes.map(([name]) => withDeviation(summary, `${name}@${k}`)),
      decimals(summary.metrics[`coverage@${k}`], 3),
      decimals(summary.metrics[`novelty@${k}`], 2),
      decimals(model.trainingSeconds, 1),
      decimals(model.rankingSeconds, 1),
    ]),
  );
}

/** Of the best hundredth of the users. */
function userSegmentsTable(measured: readonly Measured[]): string {
  return table(
    [{ title: 'model' }, ...['hits at 1 %', 'recall at 1 %', 'coverage', 'training s', 'ranking s'].map(rightAligned)],
    measured.map(({ model, summary }) => [
      model.model,
      withDeviation(summary, 'hits'),
      withDeviation(summary, 'recall'),
      decimals(summary.metrics.coverage, 3),
      decimals(model.trainingSeconds, 1),
      decimals(model.rankingSeconds, 1),
    ]),
  );
}

/** What lists have in common with the item beside which they are. */
function similarTextsTable(measured: readonly Measured[], ks: readonly number[]): string {
  const titles = ks.flatMap((k) => [`common category@${k}`, `co-watched@${k}`, `coverage@${k}`]);
  return table(
    [{ title: 'model' }, ...[...titles, 'training s', 'ranking s'].map(rightAligned)],
    measured.map(({ model, summary }) => [
      model.model,
      ...ks.flatMap((k) => [
        withDeviation(summary, `category@${k}`),
        withDeviation(summary, `coWatched@${k}`),
        decimals(summary.metrics[`coverage@${k}`], 3),
      ]),
      decimals(model.trainingSeconds, 1),
      decimals(model.rankingSeconds, 1),
    ]),
  );
}

/** Hit rate and gain of each segment. */
function segmentsTable(measured: readonly Measured[], k: number): string {
  const segments = Object.entries(measured[0]?.summary.segments ?? {});
  return table(
    [
      { title: `HR@${k} / NDCG@${k}, queries` },
      ...segments.map(([name, { queries }]) => rightAligned(`${name}, ${queries}`)),
    ],
    measured.map(({ model, summary }) => [
      model.model,
      ...segments.map(([name]) => {
        const part = summary.segments[name];
        if (part === undefined || part.queries === 0) return '';
        return `${decimals(part.metrics[`hr@${k}`], 4)} / ${decimals(part.metrics[`ndcg@${k}`], 4)}`;
      }),
    ]),
  );
}

const rightAligned = (title: string): Column => ({ title, align: 'right' });

function withDeviation({ metrics, deviations }: Summary, name: string): string {
  const value = decimals(metrics[name], 4);
  return deviations === undefined ? value : `${value} ±${decimals(deviations[name], 4)}`;
}

const decimals = (value: number | undefined, digits: number) => (value ?? 0).toFixed(digits);
