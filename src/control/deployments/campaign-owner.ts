import { type Campaign, campaignKind } from './campaign-kind.ts';
import type { DeploymentOwnerKind } from './deployment-owner.ts';

/** A campaign owns a deployment of the model of a solution version. */
export const campaignOwner: DeploymentOwnerKind<Campaign> = {
  kind: campaignKind,
  modelOwnerOf: ({ document }) => document.solutionVersionArn,
  explorationOf: ({ document }) => document.campaignConfig?.itemExplorationConfig,
  metadataOf: ({ document }) => document.campaignConfig?.enableMetadataWithRecommendations,
  influenceOf: ({ document }) => document.campaignConfig?.rankingInfluence,
};
