import { type Family, serve } from '../family.ts';
import { scheduleUpdates } from '../models/model-updates.ts';
import { campaignHandlers } from './campaign.ts';
import { campaignCreation, campaignUpdate } from './campaign-deployment.ts';
import { campaignKind } from './campaign-kind.ts';
import { campaignOwner } from './campaign-owner.ts';
import { deploymentKinds } from './kinds.ts';
import { modelDeployment } from './model-deployment.ts';

export const deployments: Family = {
  kinds: deploymentKinds,
  deploymentOwners: [campaignOwner],
  operations: campaignHandlers,
  services: (context) => [
    serve(campaignKind, {
      jobs: {
        'create-campaign': modelDeployment(context, campaignCreation),
        'update-campaign': modelDeployment(context, campaignUpdate),
      },
      schedule: (tx, { document }) => scheduleUpdates(context, tx, document.solutionVersionArn),
    }),
  ],
};
