import { changeResource, findResource } from '../resources/resource-store.ts';
import { movedUpdate, updateOf } from '../resources/updates.ts';
import { solutionVersionKind } from '../solutions/solution-version-kind.ts';
import { campaignKind } from './campaign-kind.ts';
import { followLatest } from './campaign-updates.ts';
import type { DeploymentLife } from './model-deployment.ts';

type CampaignLife = DeploymentLife<typeof campaignKind>;

export const campaignCreation: CampaignLife = {
  kind: campaignKind,
  target: ({ document }) => document.solutionVersionArn,
  async begin(tx, campaign) {
    await changeResource(tx, campaign, { status: 'CREATE IN_PROGRESS' });
  },
  async finish(tx, campaign, deployment) {
    await followLatest(tx, await changeResource(tx, campaign, { status: 'ACTIVE', document: { deployment } }));
    return true;
  },
  async fail(tx, campaign, failureReason) {
    const failed = await changeResource(tx, campaign, { status: 'CREATE FAILED', document: { failureReason } });
    await followLatest(tx, failed);
  },
};

export const campaignUpdate: CampaignLife = {
  kind: campaignKind,
  target: (campaign) => updateOf(campaign).solutionVersionArn,
  async begin(tx, campaign) {
    const latestUpdate = movedUpdate(campaign, 'CREATE IN_PROGRESS', tx.now);
    await changeResource(tx, campaign, { document: { latestUpdate } });
  },
  async finish(tx, campaign, deployment) {
    const latestUpdate = movedUpdate(campaign, 'ACTIVE', tx.now);
    const { solutionVersionArn, minProvisionedTPS, campaignConfig } = latestUpdate;
    const version = await findResource(tx.db, solutionVersionKind, solutionVersionArn);
    const settings = { solutionVersionArn, minProvisionedTPS, campaignConfig };
    const updated = await changeResource(tx, campaign, {
      status: 'ACTIVE',
      parent: version?.parent ?? undefined,
      document: { ...settings, deployment, latestUpdate, failureReason: undefined },
    });
    await followLatest(tx, updated);
    return true;
  },
  async fail(tx, campaign, failureReason) {
    const latestUpdate = movedUpdate(campaign, 'CREATE FAILED', tx.now, failureReason);
    const failed = await changeResource(tx, campaign, { document: { latestUpdate } });
    await followLatest(tx, failed, latestUpdate.solutionVersionArn);
  },
};
