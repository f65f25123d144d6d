import { knownIds } from '../../data/engine/known-ids.ts';
import { localUsers } from '../../learn/model/stored-model.ts';
import type { Context } from '../context.ts';
import { campaignKind } from '../deployments/campaign-kind.ts';

/** Whether a model knows a user, of those that campaigns serve from the events of this dataset. */
export async function isKnownUser(
  { database, campaigns, store }: Pick<Context, 'database' | 'campaigns' | 'store'>,
  datasetArn: string,
  userId: string,
  temporaryFolder: string,
): Promise<boolean> {
  const rows = await database.selectFrom('resources').select('arn').where('kind', '=', campaignKind.name).execute();
  for (const { arn } of rows) {
    const { deployment, source } = (await campaigns.find(arn)) ?? {};
    if (!deployment || source?.datasetArn !== datasetArn) continue;
    await using users = await localUsers(store, deployment.model);
    if ((await knownIds({ file: users.path, ids: [userId], temporaryFolder })).has(userId)) return true;
  }
  return false;
}
