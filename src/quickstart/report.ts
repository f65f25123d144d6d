import { GetRecommendationsCommand } from '@aws-sdk/client-personalize-runtime';
import { table } from '../terminal/table.ts';
import type { PreparedData, Viewer } from './prepared-data.ts';
import type { Session } from './steps.ts';
import type { TrainingOutcome } from './training.ts';

const filmsShown = 8;
/** The most that GetRecommendations answers at once. */
const mostResults = 500;

/**
 * What a person watched lately, beside what the campaign recommends; films of the history are left out of the latter.
 */
export async function recommendationsTable(
  session: Session,
  campaignArn: string,
  { userId, history }: Viewer,
  films: PreparedData['films'],
): Promise<string> {
  const seen = new Set(history);
  const numResults = Math.min(mostResults, filmsShown + seen.size);
  const answer = await session.runtime.send(new GetRecommendationsCommand({ campaignArn, userId, numResults }));
  const items = (answer.itemList ?? []).flatMap(({ itemId }) => itemId ?? []).filter((itemId) => !seen.has(itemId));
  const lately = history.slice(-filmsShown).reverse();
  const columns = [
    { title: '', align: 'right' },
    { title: 'watched lately', limit: 44 },
    { title: 'recommended', limit: 44 },
    { title: 'genres', limit: 32 },
  ] as const;
  const title = (itemId: string | undefined) => (itemId === undefined ? '' : titleOf(itemId, films));
  const rows = items
    .slice(0, filmsShown)
    .map((itemId, i) => [String(i + 1), title(lately[i]), title(itemId), films.get(itemId)?.genres.join(', ') ?? '']);
  return `User ${userId}, who has watched ${history.length} films\n\n${table(columns, rows)}`;
}

function titleOf(itemId: string, films: PreparedData['films']): string {
  const film = films.get(itemId);
  if (film === undefined) return `item ${itemId}`;
  return film.year === undefined ? film.title : `${film.title} (${film.year})`;
}

const metricTitles = {
  normalized_discounted_cumulative_gain_at_5: 'NDCG at 5',
  normalized_discounted_cumulative_gain_at_10: 'NDCG at 10',
  normalized_discounted_cumulative_gain_at_25: 'NDCG at 25',
  mean_reciprocal_rank_at_25: 'mean reciprocal rank at 25',
  precision_at_25: 'precision at 25',
  coverage: 'coverage',
} as const;

/** The metrics of a solution version beside those of the baseline. */
export function metricsTable(trained: TrainingOutcome, baseline: TrainingOutcome): string {
  const columns = [
    { title: 'metric' },
    { title: trained.recipe, align: 'right' },
    { title: baseline.recipe, align: 'right' },
    { title: 'ratio', align: 'right' },
  ] as const;
  const rows = Object.entries(metricTitles).map(([name, title]) => {
    const [ours = 0, theirs = 0] = [trained.metrics[name], baseline.metrics[name]];
    return [title, ours.toFixed(4), theirs.toFixed(4), theirs > 0 ? (ours / theirs).toFixed(2) : ''];
  });
  return table(columns, rows);
}

export type NextSteps = {
  readonly url: string;
  readonly datasetGroupArn: string;
  readonly trained: TrainingOutcome;
  readonly campaignArn: string;
  readonly viewer: Viewer | undefined;
};

/** What to type next into a shell that has the AWS CLI. */
export function nextSteps({ url, datasetGroupArn, trained, campaignArn, viewer }: NextSteps): string {
  const lines = [
    'export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION=us-east-1',
    `aws personalize-runtime get-recommendations --endpoint-url ${url} --campaign-arn ${campaignArn} --user-id ${viewer?.userId ?? 'somebody-new'} --num-results 10`,
    `aws personalize get-solution-metrics --endpoint-url ${url} --solution-version-arn ${trained.solutionVersionArn}`,
    `aws personalize list-solutions --endpoint-url ${url} --dataset-group-arn ${datasetGroupArn}`,
    `aws personalize describe-campaign --endpoint-url ${url} --campaign-arn ${campaignArn}`,
  ];
  return lines.map((line) => `  ${line}\n`).join('');
}
