import type { Deployment } from '../../serve/serving.ts';
import type { ControlParts } from '../parts.ts';
import { ResourceCache } from '../resources/resource-cache.ts';
import { findResource } from '../resources/resource-store.ts';
import { campaignKind, type ServedModel } from './campaign-kind.ts';
import { type ExplorationSource, explorationSourceOf } from './exploration-source.ts';
import { type HistorySource, historySourceOf } from './history-source.ts';

/** What a request for recommendations needs to know of its campaign. */
export type CampaignEntry = {
  readonly account: string;
  readonly region: string;
  readonly status: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Of what it serves. */
  readonly solutionVersionArn?: string;
  /** Absent until the campaign has been ACTIVE. */
  readonly deployment?: Deployment;
  /** Where users' events since the training are found; absent where answers do not reflect them. */
  readonly source?: HistorySource | undefined;
  /** How answers are explored; absent where they are the model's own. */
  readonly exploration?: ExplorationSource | undefined;
};

export const deploymentOf = (campaignArn: string, { recipeType, model }: ServedModel): Deployment => ({
  ...{ campaignArn, recipeType, model },
});

/** Campaigns by their ARN. */
export function deploymentCache(parts: Pick<ControlParts, 'database' | 'clock' | 'log'>): ResourceCache<CampaignEntry> {
  return new ResourceCache<CampaignEntry>(parts, {
    async read(arn) {
      const campaign = await findResource(parts.database, campaignKind, arn);
      if (!campaign) return undefined;
      const { account, region, status, createdAt } = campaign;
      const { deployment: served, solutionVersionArn } = campaign.document;
      if (!served) return { account, region, status, createdAt };
      const source = await historySourceOf(parts.database, campaign);
      const exploration = await explorationSourceOf(parts.database, campaign);
      const deployment = deploymentOf(arn, served);
      return { account, region, status, createdAt, solutionVersionArn, deployment, source, exploration };
    },
    isReady: ({ deployment }) => deployment !== undefined,
  });
}
