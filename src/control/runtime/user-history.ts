import { randomUUID } from 'node:crypto';
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
  { source, datasetGroupArn }: ReadyDeployment,
  id: string | undefined,
): Promise<StreamedId<LiveHistory> | undefined> {
  if (!source || !id) return undefined;
  const found = await findHistory(answers.views.histories, source, id);
  // The id of a session whose user is being deleted leads nowhere.
  return answers.hidden.has(datasetGroupArn, found?.session?.userId) ? undefined : found;
}

/**
 * The id that a request is answered for. A user who is being deleted is answered as one whom nobody knows; models,
 * filters and logs see another id then.
 */
export const answeredId = <Id extends string | undefined>(
  { answers: { hidden } }: Pick<Context, 'answers'>,
  { datasetGroupArn }: ReadyDeployment,
  id: Id,
): Id | string => (hidden.has(datasetGroupArn, id) ? `unknown ${randomUUID()}` : id);

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
