import { type Family, serve } from '../family.ts';
import { modelTraining } from '../models/model-training.ts';
import { modelUpdate } from '../models/model-update.ts';
import { scheduleUpdates } from '../models/model-updates.ts';
import { campaignHandlers } from './campaign.ts';
import { campaignCreation, campaignUpdate } from './campaign-deployment.ts';
import { campaignKind } from './campaign-kind.ts';
import { campaignOwner } from './campaign-owner.ts';
import { deploymentKinds } from './kinds.ts';
import { modelDeployment } from './model-deployment.ts';
import { recommenderHandlers } from './recommender.ts';
import { recommenderServing, recommenderStop } from './recommender-deployment.ts';
import { recommenderKind } from './recommender-kind.ts';
import { recommenderDeployment, recommenderModel } from './recommender-owner.ts';
import { recommenderTraining, scheduledRetraining, scheduleWork } from './recommender-training.ts';

export const deployments: Family = {
  kinds: deploymentKinds,
  modelOwners: [recommenderModel],
  deploymentOwners: [campaignOwner, recommenderDeployment],
  operations: (context) => ({ ...campaignHandlers(context), ...recommenderHandlers(context) }),
  services: (context) => [
    serve(campaignKind, {
      jobs: {
        'create-campaign': modelDeployment(context, campaignCreation),
        'update-campaign': modelDeployment(context, campaignUpdate),
      },
      schedule: (tx, { document }) => scheduleUpdates(context, tx, document.solutionVersionArn),
    }),
    serve(recommenderKind, {
      jobs: {
        'train-recommender': modelTraining(context, recommenderTraining(context)),
        'deploy-recommender': modelDeployment(context, recommenderServing(context)),
        'stop-recommender': recommenderStop(context),
        'update-recommender-model': modelUpdate(context),
        'retrain-recommender': scheduledRetraining,
      },
      schedule: (tx, recommender) => scheduleWork(context, tx, recommender),
    }),
  ],
};
