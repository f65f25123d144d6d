import type { ModelOwnerKind } from '../models/model-owner.ts';
import { getUseCase } from '../models/recipe-lookup.ts';
import { withTrainedColumns } from '../models/training-columns.ts';
import type { DeploymentOwnerKind } from './deployment-owner.ts';
import { type Recommender, recommenderKind } from './recommender-kind.ts';
import { settingsToTrain, waitsForTraining } from './recommender-settings.ts';

/** A recommender owns the model that is trained for it. */
export const recommenderModel: ModelOwnerKind<Recommender> = {
  kind: recommenderKind,
  updateJob: 'update-recommender-model',
  planOf({ parent, document }) {
    const { recommenderConfig, datasetColumns } = settingsToTrain(document);
    const { trainingDataConfig } = recommenderConfig;
    return {
      datasetGroupArn: parent ?? '',
      recipe: getUseCase(document.recipeArn),
      parameters: {},
      trainedColumns: (inputs) => withTrainedColumns(inputs, { trainingDataConfig, datasetColumns }),
    };
  },
  /** While it answers; a training of other columns replaces its model anyway. */
  async isUpdated(_db, { status, document }) {
    return status === 'ACTIVE' && !waitsForTraining(document) && getUseCase(document.recipeArn).update !== undefined;
  },
  followsData: async () => true,
};

/** It also owns the deployment of that model. */
export const recommenderDeployment: DeploymentOwnerKind<Recommender> = {
  kind: recommenderKind,
  modelOwnerOf: ({ arn }) => arn,
  explorationOf: ({ document }) => document.recommenderConfig.itemExplorationConfig,
  metadataOf: ({ document }) => document.recommenderConfig.enableMetadataWithRecommendations,
};
