import type { Resource } from '../resources/resource.ts';
import { type Queryable, selectResources } from '../resources/resource-store.ts';

/** The newest ACTIVE version of a solution that was trained from all data, and not brought up to date from another. */
export async function latestTrainedVersion(
  db: Queryable,
  { arn, account, region }: Resource<'solution'>,
): Promise<Resource<'solution-version'> | undefined> {
  const selection = { account, region, parent: arn, statuses: ['ACTIVE'] };
  const versions = await selectResources(db, 'solution-version', selection);
  return versions.find(({ document }) => document.trainingMode !== 'UPDATE');
}
