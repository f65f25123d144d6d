import type { RecommendQuery } from '../../learn/model/model.ts';
import type { Eligible } from '../../serve/eligibility/eligible.ts';
import type { CandidateExploration, ExploredRanking } from '../../serve/exploration/explorer.ts';
import type { Context } from '../context.ts';
import type { ReadyDeployment } from './ready-deployment.ts';

/** What a deployment is asked for a list. */
export type AskedList = {
  readonly query: RecommendQuery;
  /** What the list may have; anything unless given. */
  readonly eligible?: Pick<Eligible, 'items' | 'allows'> | undefined;
  readonly exploring?: CandidateExploration | undefined;
};

/**
 * The list of a deployment: its model's own, or that of the view that stands before it (`LiveView`). While the view is
 * read for the first time before this model, requests wait a while, and then get the model's.
 */
export async function askedList(
  { answers: { views }, serving }: Pick<Context, 'answers' | 'serving'>,
  { deployment, live, rankingInfluence }: ReadyDeployment,
  { query, eligible, exploring }: AskedList,
): Promise<ExploredRanking> {
  const asked = { ...query, eligible: eligible?.items, influence: rankingInfluence };
  const view = live && (await views.live.find(live, ({ model }) => model === deployment.model));
  if (!view || view.model !== deployment.model || !('recommend' in view)) {
    return await serving.recommend(deployment, asked, exploring);
  }
  const allows = eligible && ((id: string) => eligible.allows(id));
  return await view.recommend({ ...asked, allows }, (of) => serving.recommend(deployment, of, exploring));
}
