import { arnPaths } from '../../contract/arn.ts';
import type { Input } from '../../contract/operations.ts';
import type { Database } from '../../data/database/database.ts';
import { datasetGroupKind } from '../datasets/dataset-group-kind.ts';
import { type Dataset, datasetKind } from '../datasets/dataset-kind.ts';
import { type ModelDocument, modelsOf } from '../models/model-owner.ts';
import type { DatasetColumns } from '../models/training-columns.ts';
import { defineKind, type ResourceOf, type Update, use } from '../resources/kind.ts';
import { creationLife, type LifeCycle, unfinishedStatuses, updateSteps } from '../resources/lifecycle.ts';
import { selectResources } from '../resources/resource-store.ts';
import type { DeploymentDocument } from './deployment-owner.ts';

export type RecommenderConfig = NonNullable<Input<'CreateRecommender'>['recommenderConfig']>;

/** What a recommender is asked to be. */
export type RecommenderSettings = {
  readonly recommenderConfig: RecommenderConfig;
  /** The columns of the group's datasets when they were chosen: those that a later schema adds do not train. */
  readonly datasetColumns: DatasetColumns;
};

export type RecommenderUpdateStatus = keyof typeof updateSteps;

/** It owns its model and its deployment. What it serves is in `deployment`, what was trained last in `model`. */
export type RecommenderDocument = ModelDocument &
  DeploymentDocument &
  RecommenderSettings & {
    readonly recipeArn: string;
    readonly latestUpdate?: Update<RecommenderUpdateStatus, RecommenderSettings>;
  };

/** One that could not be started is INACTIVE as before. */
const life = {
  first: creationLife.first,
  steps: {
    ...creationLife.steps,
    ACTIVE: ['STOP PENDING'],
    'STOP PENDING': ['STOP IN_PROGRESS', 'ACTIVE'],
    'STOP IN_PROGRESS': ['INACTIVE', 'ACTIVE'],
    INACTIVE: ['START PENDING'],
    'START PENDING': ['START IN_PROGRESS', 'INACTIVE'],
    'START IN_PROGRESS': ['ACTIVE', 'INACTIVE'],
  },
  updateSteps,
} as const satisfies LifeCycle;

export const recommenderKind = defineKind<RecommenderDocument>()({
  name: 'recommender',
  arnPath: arnPaths.recommender,
  life,
  isTaggable: true,
  parent: datasetGroupKind,
  quotas: [
    { name: 'recommenders', most: 15, counts: 'live' },
    { name: 'recommendersPerDatasetGroup', most: 5, counts: 'live', among: async (_db, group) => [group] },
  ],
  uses: [use(datasetKind, recommendersOn)],
  jobs: {
    'train-recommender': { pool: 'training', startsWithResource: true },
    'deploy-recommender': { pool: 'deployment' },
    'stop-recommender': { pool: 'quick' },
    'update-recommender-model': { pool: 'training', isScheduled: true },
    'retrain-recommender': { pool: 'quick', isScheduled: true },
  },
  // What is served stays while a newer model cannot be deployed.
  objects: (document) => {
    const served = document.deployment ? [document.deployment.model] : [];
    return [...new Set([...modelsOf(document), ...served])];
  },
  release: async (_tx, { document }) => [document.prefix],
});

export type Recommender = ResourceOf<typeof recommenderKind>;

/** Those of the dataset's group that are being created, started or stopped (spec datasets.md §10). */
async function recommendersOn(db: Database, { account, region, parent }: Dataset): Promise<Recommender[]> {
  const statuses = unfinishedStatuses(life);
  return await selectResources(db, recommenderKind, { account, region, parent: parent ?? '', statuses });
}
