import { type Queryable, selectResources } from '../resources/resource-store.ts';
import type { Solution } from './solution-kind.ts';
import { type SolutionVersion, solutionVersionKind } from './solution-version-kind.ts';

/** The newest ACTIVE version of a solution that was trained from all data, and not brought up to date from another. */
export async function latestTrainedVersion(
  db: Queryable,
  { arn, account, region }: Solution,
): Promise<SolutionVersion | undefined> {
  const selection = { account, region, parent: arn, statuses: ['ACTIVE'] };
  const versions = await selectResources(db, solutionVersionKind, selection);
  return versions.find(({ document }) => document.trainingMode !== 'UPDATE');
}
