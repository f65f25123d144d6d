import { type Family, serve } from '../family.ts';
import { scheduleUpdates } from '../models/model-updates.ts';
import { campaignHandlers } from './campaign.ts';
import { campaignCreation, campaignUpdate } from './campaign-deployment.ts';
import { campaignKind } from './campaign-kind.ts';
import { deploymentKinds } from './kinds.ts';

export const deployments: Family = {
  kinds: deploymentKinds,
  operations: campaignHandlers,
  services: (context) => [
    serve(campaignKind, {
      jobs: { 'create-campaign': campaignCreation(context), 'update-campaign': campaignUpdate(context) },
      schedule: (tx, { document }) => scheduleUpdates(tx, document.solutionVersionArn, context.settings.updateEveryMs),
    }),
  ],
};
