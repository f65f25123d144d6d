import type { ActionsQuery, RecommendedActions } from '../../learn/model/live-view.ts';
import type { Context } from '../context.ts';
import type { ReadyDeployment } from './ready-deployment.ts';
import { notYet } from './request-eligibility.ts';

/**
 * The actions of a deployment. The view before its model alone knows which there are.
 *
 * @throws ServiceError ServiceUnavailable where it has not been read in time
 */
export async function askedActions(
  { answers: { views }, serving }: Pick<Context, 'answers' | 'serving'>,
  { deployment, live }: Pick<ReadyDeployment, 'deployment' | 'live'>,
  query: ActionsQuery,
): Promise<RecommendedActions> {
  const view = live && (await views.live.find(live, ({ model }) => model === deployment.model));
  if (!view || view.model !== deployment.model || !('recommendActions' in view)) throw notYet('actions');
  return await view.recommendActions(query, (of) => serving.propensities(deployment, of));
}
