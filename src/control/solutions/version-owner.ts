import type { ModelOwnerKind } from '../models/model-owner.ts';
import { getRecipe } from '../models/recipe-lookup.ts';
import { withTrainedColumns } from '../models/training-columns.ts';
import { findResource } from '../resources/resource-store.ts';
import { trainedEvents } from './events-config.ts';
import { solutionKind } from './solution-kind.ts';
import { latestTrainedVersion, type SolutionVersion, solutionVersionKind } from './solution-version-kind.ts';

/** A solution version owns the model that was trained with its settings. */
export const versionOwner: ModelOwnerKind<SolutionVersion> = {
  kind: solutionVersionKind,
  updateJob: 'update-solution-version',
  planOf({ document }) {
    const { datasetGroupArn, recipeArn, eventType, solutionConfig = {}, datasetColumns } = document;
    const { algorithmHyperParameters, featureTransformationParameters, eventValueThreshold } = solutionConfig;
    const { trainingDataConfig } = solutionConfig;
    return {
      datasetGroupArn,
      recipe: getRecipe(recipeArn),
      parameters: { ...algorithmHyperParameters, ...featureTransformationParameters },
      eventType,
      eventValueThreshold: eventValueThreshold === undefined ? undefined : Number(eventValueThreshold),
      events: trainedEvents(solutionConfig.eventsConfig),
      trainedColumns: (inputs) => withTrainedColumns(inputs, { trainingDataConfig, datasetColumns }),
    };
  },
  /** The last version of its solution that was trained (spec recipes.md §1.2). */
  async isUpdated(db, version) {
    const { trainingMode, recipeArn } = version.document;
    if (trainingMode === 'UPDATE' || getRecipe(recipeArn).update === undefined) return false;
    const solution = await findResource(db, solutionKind, version.parent ?? '');
    const latest = solution && (await latestTrainedVersion(db, solution));
    return latest?.arn === version.arn;
  },
  /** As its solution says now: incremental updates are on unless they are turned off (spec recipes.md §2.9). */
  async followsData(db, version) {
    if (!getRecipe(version.document.recipeArn).supportsIncrementalUpdate) return true;
    const solution = await findResource(db, solutionKind, version.parent ?? '');
    return solution?.document.performIncrementalUpdate !== false;
  },
};
