import { knownIds } from '../../data/engine/known-ids.ts';
import { localUsers } from '../../learn/model/stored-model.ts';
import type { Context } from '../context.ts';

/** Whether a model knows a user, of those that are served from the events of this dataset. */
export async function isKnownUser(
  { database, owners, answers, store }: Pick<Context, 'database' | 'owners' | 'answers' | 'store'>,
  datasetArn: string,
  userId: string,
  temporaryFolder: string,
): Promise<boolean> {
  for (const { owner } of await owners.deployments.all(database)) {
    const { deployment, source } = (await answers.deployments.find(owner.arn)) ?? {};
    if (!deployment || source?.datasetArn !== datasetArn) continue;
    await using users = await localUsers(store, deployment.model);
    if ((await knownIds({ file: users, ids: [userId], temporaryFolder })).has(userId)) return true;
  }
  return false;
}
