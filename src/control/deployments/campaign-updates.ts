import { enqueue } from '../jobs/enqueue.ts';
import { isUnsettled } from '../resources/lifecycle.ts';
import { changeResource, findResource } from '../resources/resource-store.ts';
import type { Transaction } from '../resources/transaction.ts';
import { newUpdate, updateStatusOf } from '../resources/updates.ts';
import { solutionKind } from '../solutions/solution-kind.ts';
import { latestTrainedVersion } from '../solutions/solution-version-kind.ts';
import { type Campaign, type CampaignSettings, campaignKind } from './campaign-kind.ts';

/** Starts an update of a campaign, which goes on serving what it serves until the update is ACTIVE. */
export async function beginUpdate(tx: Transaction, campaign: Campaign, settings: CampaignSettings): Promise<void> {
  const latestUpdate = newUpdate(settings, 'CREATE PENDING', tx.now);
  await changeResource(tx, campaign, { document: { latestUpdate } });
  await enqueue(tx, campaignKind, 'update-campaign', campaign);
}

/**
 * Starts an update if the campaign follows its solution and a newer version is ACTIVE than the one that it serves.
 *
 * @param failed a version whose update has just failed, and which is not tried again by itself.
 */
export async function followLatest(tx: Transaction, campaign: Campaign, failed?: string): Promise<void> {
  const { solutionVersionArn, minProvisionedTPS, campaignConfig } = campaign.document;
  const isFree = ['ACTIVE', 'CREATE FAILED'].includes(campaign.status) && !isUnsettled(updateStatusOf(campaign));
  if (!campaignConfig?.syncWithLatestSolutionVersion || !isFree || campaign.parent === null) return;
  const solution = await findResource(tx.db, solutionKind, campaign.parent);
  const latest = solution && (await latestTrainedVersion(tx.db, solution));
  if (!latest || latest.arn === solutionVersionArn || latest.arn === failed) return;
  await beginUpdate(tx, campaign, { solutionVersionArn: latest.arn, minProvisionedTPS, campaignConfig });
}
