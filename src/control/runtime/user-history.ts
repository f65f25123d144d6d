import type { StreamedId } from '../../data/identity.ts';
import type { LiveHistory } from '../../data/views/live/live-histories.ts';
import type { Ranking } from '../../learn/model/model.ts';
import type { Context } from '../context.ts';
import { findHistory } from '../deployments/history-views.ts';
import type { ReadyDeployment } from './ready-deployment.ts';

/**
 * What the stream of events knows of an id. What the id stands for, the model decides: it alone knows its users.
 *
 * @returns undefined where answers do not reflect it, or it has not been read in time
 */
export async function streamedOf(
  { answers }: Pick<Context, 'answers'>,
  { source }: ReadyDeployment,
  id: string | undefined,
): Promise<StreamedId<LiveHistory> | undefined> {
  return source && id ? await findHistory(answers.views.histories, source, id) : undefined;
}

/** Keeps what an answer was made from, for the person who asks later. */
export function noteAnswer(
  { answers, clock }: Pick<Context, 'answers' | 'clock'>,
  { deployment: { ownerArn }, modelOwnerArn = '', source }: ReadyDeployment,
  { history }: Ranking,
): void {
  if (history?.userId === undefined || !source) return;
  const answer = { ownerArn, modelOwnerArn, ...history, answeredAt: clock.now() };
  answers.last.remember(source.datasetArn, history.userId, answer);
}
