import { type Campaign, campaignKind, type ServedModel } from '../deployments/campaign-kind.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { getRecipe } from '../recipes/recipe.ts';
import { findResource, type Queryable, selectResources } from '../resources/resource-store.ts';
import type { Transaction } from '../resources/transaction.ts';
import { latestTrainedVersion } from '../solutions/latest-version.ts';
import { solutionKind } from '../solutions/solution-kind.ts';
import { type SolutionVersion, solutionVersionKind } from '../solutions/solution-version-kind.ts';

const kind = 'update-solution-version';

/** Has the model of a version, which a campaign serves, brought up to date in time, if its recipe's models are. @param everyMs 0: never */
export async function scheduleUpdates(tx: Transaction, versionArn: string, everyMs: number): Promise<void> {
  const version = await findResource(tx.db, solutionVersionKind, versionArn);
  if (!version || !isUpdated(version)) return;
  const expected = await tx.db
    .selectFrom('jobs')
    .select('id')
    .where('resource_arn', '=', versionArn)
    .where('kind', '=', kind)
    .executeTakeFirst();
  if (!expected) await scheduleNextUpdate(tx, versionArn, everyMs);
}

/** Has the model of a version brought up to date after this time. */
export async function scheduleNextUpdate(tx: Transaction, versionArn: string, everyMs: number): Promise<void> {
  if (everyMs > 0) await enqueue(tx, solutionVersionKind, kind, { arn: versionArn }, everyMs);
}

/** Whether the version is one whose model is brought up to date: the last of its solution that was trained, behind a campaign (spec recipes.md §1.2). */
export async function isUpdateDue(db: Queryable, version: SolutionVersion): Promise<boolean> {
  const solution = await findResource(db, solutionKind, version.parent ?? '');
  const latest = solution && (await latestTrainedVersion(db, solution));
  return latest?.arn === version.arn && isUpdated(version) && (await campaignsServing(db, version)).length > 0;
}

const isUpdated = ({ document }: SolutionVersion) =>
  document.trainingMode !== 'UPDATE' && getRecipe(document.recipeArn).update !== undefined;

/** The campaigns that answer from a model of the version, and what exactly answers now. */
export async function campaignsServing(
  db: Queryable,
  { arn, account, region }: SolutionVersion,
): Promise<{ readonly campaign: Campaign; readonly deployment: ServedModel }[]> {
  const campaigns = await selectResources(db, campaignKind, { account, region, statuses: ['ACTIVE'] });
  return campaigns.flatMap((campaign) => {
    const { solutionVersionArn, deployment } = campaign.document;
    return solutionVersionArn === arn && deployment ? [{ campaign, deployment }] : [];
  });
}
