import type { GroupKey } from '../../data/encryption/group-key.ts';
import type { Context } from '../context.ts';

/** What a model of an owner is sealed with; undefined if its dataset group is not encrypted. @throws KeyError */
export async function modelSealing(
  { owners, database, keys }: Pick<Context, 'owners' | 'database' | 'keys'>,
  ownerArn: string,
): Promise<GroupKey | undefined> {
  const owned = await owners.models.find(database, ownerArn);
  return owned && (await keys?.ofGroup(owned.plan.datasetGroupArn));
}
