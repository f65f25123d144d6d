import type { Database } from '../../data/database/database.ts';
import type { Context } from '../context.ts';
import type { Resource } from '../resources/kind.ts';

/**
 * ARNs of campaigns and recommenders that may have given the answers which events of a dataset group name: those that
 * serve a model of the group, and former ones that events have been attributed to.
 *
 * @param attribution of the dataset group, its parent
 * @param sources what events have been attributed to so far
 */
export async function ownerCandidates(
  { database, owners }: Pick<Context, 'database' | 'owners'>,
  attribution: Pick<Resource, 'arn' | 'account' | 'region' | 'parent'>,
  sources: Iterable<string>,
): Promise<string[]> {
  const { arn, account, region, parent } = attribution;
  const ours = arn.slice(0, arn.indexOf(`:${region}:${account}:`) + `:${region}:${account}:`.length);
  const former = [...sources].filter((name) => name.startsWith(ours) && /:(campaign|recommender)\//.test(name));
  return [...new Set([...(await servingFrom(owners, database, parent, { account, region })), ...former])].sort();
}

async function servingFrom(
  { deployments, models }: Context['owners'],
  database: Database,
  datasetGroupArn: string | null,
  { account, region }: Pick<Resource, 'account' | 'region'>,
): Promise<string[]> {
  const found: string[] = [];
  for (const { owner, modelOwnerArn } of await deployments.all(database)) {
    if (owner.account !== account || owner.region !== region) continue;
    const model = await models.find(database, modelOwnerArn);
    if (model?.plan.datasetGroupArn === datasetGroupArn) found.push(owner.arn);
  }
  return found;
}
