import { arnPaths } from '../../contract/arn.ts';
import type { Database } from '../../data/database/database.ts';
import { type Dataset, datasetKind } from '../datasets/dataset-kind.ts';
import { type ModelDocument, modelsOf } from '../models/model-owner.ts';
import { defineKind, type ResourceOf, use } from '../resources/kind.ts';
import { creationLife, type LifeCycle, unfinishedStatuses } from '../resources/lifecycle.ts';
import { selectResources } from '../resources/resource-store.ts';
import { type Solution, type SolutionSettings, solutionKind, solutionsOf } from './solution-kind.ts';

/**
 * A version can be stopped: at once while it waits, by way of CREATE STOPPING while it trains. A training that finishes
 * or fails while it is being stopped counts as stopped.
 */
const life = {
  first: creationLife.first,
  steps: {
    'CREATE PENDING': ['CREATE IN_PROGRESS', 'CREATE FAILED', 'CREATE STOPPED'],
    'CREATE IN_PROGRESS': ['ACTIVE', 'CREATE FAILED', 'CREATE STOPPING'],
    'CREATE STOPPING': ['CREATE STOPPED'],
    ACTIVE: [],
    'CREATE FAILED': [],
    'CREATE STOPPED': [],
  },
} as const satisfies LifeCycle;

export type SolutionVersionDocument = ModelDocument &
  SolutionSettings & {
    readonly datasetGroupArn: string;
    /** AUTOTRAIN: as FULL, and created by the solution's schedule. UPDATE: the model of another version, updated. */
    readonly trainingMode: 'FULL' | 'AUTOTRAIN' | 'UPDATE';
    readonly trainingType: 'MANUAL' | 'AUTOMATIC';
  };

/** A solution version stays for as long as its solution. */
export const solutionVersionKind = defineKind<SolutionVersionDocument>()({
  name: 'solution-version',
  arnPath: arnPaths['solution-version'],
  life,
  isTaggable: true,
  parent: solutionKind,
  goesWithParent: true,
  quotas: [{ name: 'unfinishedSolutionVersions', most: 20, counts: 'unfinished' }],
  uses: [use(datasetKind, trainingsOn)],
  jobs: {
    'train-solution-version': { pool: 'training', startsWithResource: true },
    'update-solution-version': { pool: 'training', isScheduled: true },
  },
  objects: modelsOf,
  release: async (_tx, { document }) => [document.prefix],
});

export type SolutionVersion = ResourceOf<typeof solutionVersionKind>;

/** Trainings that are waiting or going on in the dataset's group (spec datasets.md §10). */
async function trainingsOn(db: Database, dataset: Dataset): Promise<SolutionVersion[]> {
  const { account, region, parent } = dataset;
  const parents = await solutionsOf(db, dataset, parent ?? '');
  return await selectResources(db, solutionVersionKind, {
    account,
    region,
    parents,
    statuses: unfinishedStatuses(life),
  });
}

/** The newest ACTIVE version of a solution that was trained from all data, and not brought up to date from another. */
export async function latestTrainedVersion(
  db: Database,
  { arn, account, region }: Solution,
): Promise<SolutionVersion | undefined> {
  const selection = { account, region, parent: arn, statuses: ['ACTIVE'] };
  const versions = await selectResources(db, solutionVersionKind, selection);
  return versions.find(({ document }) => document.trainingMode !== 'UPDATE');
}
