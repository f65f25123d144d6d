import type { Recipe } from '../../learn/recipes/recipe.ts';
import { checkTrainingColumns, type DatasetColumns, isSameChoice } from '../models/training-columns.ts';
import { isUnsettled } from '../resources/lifecycle.ts';
import { completeExploration } from './deployment-settings.ts';
import type { RecommenderConfig, RecommenderDocument, RecommenderSettings } from './recommender-kind.ts';

/** Of a config that does not say. */
const defaultRequestsPerSecond = 1;

/**
 * A config with the defaults of the use case filled in (spec domains.md §3).
 *
 * @param datasetColumns of the dataset group
 * @throws ServiceError InvalidInputException for settings that are wrong, and for those that the use case does not have
 */
export function completeConfig(
  config: RecommenderConfig,
  recipe: Recipe,
  datasetColumns: DatasetColumns,
): RecommenderConfig {
  const { trainingDataConfig, minRecommendationRequestsPerSecond = defaultRequestsPerSecond } = config;
  const itemExplorationConfig = completeExploration(config.itemExplorationConfig, recipe);
  checkTrainingColumns(trainingDataConfig, datasetColumns);
  return {
    ...config,
    minRecommendationRequestsPerSecond,
    ...(itemExplorationConfig && { itemExplorationConfig }),
  };
}

/**
 * The settings that an update asks for: all of them, except that columns which it does not mention stay as they are,
 * so that an update of other settings starts no training.
 *
 * @throws ServiceError as `completeConfig`
 */
export function updatedSettings(
  present: RecommenderSettings,
  asked: RecommenderConfig,
  recipe: Recipe,
  datasetColumns: DatasetColumns,
): RecommenderSettings {
  const { trainingDataConfig } = present.recommenderConfig;
  const isKept = isSameChoice(asked.trainingDataConfig ?? trainingDataConfig, trainingDataConfig);
  const recommenderConfig = completeConfig({ trainingDataConfig, ...asked }, recipe, datasetColumns);
  return { recommenderConfig, datasetColumns: isKept ? present.datasetColumns : datasetColumns };
}

/** Whether an update waits for a training of other columns. */
export function waitsForTraining({ recommenderConfig, latestUpdate }: RecommenderDocument): boolean {
  if (!latestUpdate || !isUnsettled(latestUpdate.status)) return false;
  return !isSameChoice(latestUpdate.recommenderConfig.trainingDataConfig, recommenderConfig.trainingDataConfig);
}

/** The settings that the next training takes its columns from. */
export const settingsToTrain = (document: RecommenderDocument): RecommenderSettings =>
  document.latestUpdate && waitsForTraining(document) ? document.latestUpdate : document;
