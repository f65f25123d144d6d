import { arnOf, latestVersionArn } from '../../contract/arn.ts';
import { invalidInput } from '../../contract/errors.ts';
import type { Context } from '../context.ts';
import type { HandlersOf } from '../handler.ts';
import { requireNoUpdate, requireStatus } from '../resources/checks.ts';
import { createResource } from '../resources/creation.ts';
import { deleteResource } from '../resources/deletion.ts';
import { pageOfResources } from '../resources/pages.ts';
import { getResource } from '../resources/resource-store.ts';
import { timesOf, updateSummaryOf } from '../resources/summaries.ts';
import { type Campaign, type CampaignConfig, campaignKind } from './campaign-kind.ts';
import { completeConfig, keptConfig, versionToServe } from './campaign-settings.ts';
import { beginUpdate } from './campaign-updates.ts';
import { dropDeployment } from './model-deployment.ts';

type CampaignOperation = 'CreateCampaign' | 'DescribeCampaign' | 'ListCampaigns' | 'UpdateCampaign' | 'DeleteCampaign';

export function campaignHandlers(context: Context): HandlersOf<CampaignOperation> {
  const { database, transaction, settings } = context;
  return {
    async CreateCampaign({ name, solutionVersionArn, minProvisionedTPS = 1, campaignConfig, tags }, caller) {
      const arn = arnOf(caller, campaignKind.arnPath, { name });
      await transaction(caller.account, async (tx) => {
        const version = await versionToServe(tx.db, solutionVersionArn, follows(campaignConfig), caller);
        const target = { solutionVersionArn: version.arn, minProvisionedTPS };
        const document = { ...target, campaignConfig: completeConfig(campaignConfig, version) };
        await createResource(tx, campaignKind, settings, caller, { arn, name, parent: version.parent, document, tags });
      });
      return { campaignArn: arn };
    },

    async DescribeCampaign({ campaignArn }, caller) {
      const campaign = await getResource(database, campaignKind, campaignArn, caller);
      const { solutionVersionArn, minProvisionedTPS, campaignConfig, latestUpdate } = campaign.document;
      return {
        campaign: {
          ...summaryOf(campaign),
          solutionVersionArn,
          minProvisionedTPS,
          campaignConfig,
          latestCampaignUpdate: latestUpdate && updateSummaryOf(latestUpdate),
        },
      };
    },

    async ListCampaigns({ solutionArn, ...page }, caller) {
      const { resources, nextToken } = await pageOfResources(database, campaignKind, caller, page, solutionArn);
      return { campaigns: resources.map(summaryOf), nextToken };
    },

    async UpdateCampaign({ campaignArn, ...asked }, caller) {
      if (Object.values(asked).every((value) => value === undefined)) {
        throw invalidInput('The request names nothing to update.');
      }
      await transaction(caller.account, async (tx) => {
        const campaign = await getResource(tx.db, campaignKind, campaignArn, caller);
        requireStatus(campaign, 'ACTIVE', 'CREATE FAILED');
        requireNoUpdate(campaign);
        const { document } = campaign;
        const config = asked.campaignConfig ?? document.campaignConfig;
        const target = asked.solutionVersionArn ?? presentTarget(campaign, config);
        const version = await versionToServe(tx.db, target, follows(config), caller);
        await beginUpdate(tx, campaign, {
          solutionVersionArn: version.arn,
          minProvisionedTPS: asked.minProvisionedTPS ?? document.minProvisionedTPS,
          campaignConfig: completeConfig(asked.campaignConfig ?? keptConfig(document.campaignConfig, version), version),
        });
      });
      return { campaignArn };
    },

    async DeleteCampaign({ campaignArn }, caller) {
      await deleteResource(context, campaignKind, campaignArn, caller);
      await dropDeployment(context, campaignArn);
      return {};
    },
  };
}

const follows = (config: CampaignConfig | undefined) => config?.syncWithLatestSolutionVersion === true;

/**
 * What to serve when an update does not say: the newest version if the campaign follows its solution before and after.
 */
function presentTarget({ parent, document }: Campaign, config: CampaignConfig | undefined): string {
  const keepsFollowing = follows(document.campaignConfig) && follows(config);
  return keepsFollowing && parent !== null ? latestVersionArn(parent) : document.solutionVersionArn;
}

function summaryOf(campaign: Campaign) {
  const { name, arn, status, document } = campaign;
  return { name, campaignArn: arn, status, failureReason: document.failureReason, ...timesOf(campaign) };
}
