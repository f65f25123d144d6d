import { arnPaths } from '../../contract/arn.ts';
import type { Database } from '../../data/database/database.ts';
import { type Dataset, datasetKind } from '../datasets/dataset-kind.ts';
import type { DataState } from '../models/data-state.ts';
import { type CommonDocument, defineKind, type ResourceOf, use } from '../resources/kind.ts';
import { creationLife, type LifeCycle, unfinishedStatuses } from '../resources/lifecycle.ts';
import { selectResources } from '../resources/resource-store.ts';
import { type SolutionSettings, solutionKind, solutionsOf } from './solution-kind.ts';

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

/** A model of a version that was brought up to date. */
export type ModelUpdate = {
  /** Prefix of the model. */
  readonly model: string;
  readonly watermark: number;
  /** What there was when its data was taken. */
  readonly state: DataState;
};

export type SolutionVersionDocument = CommonDocument &
  SolutionSettings & {
    readonly datasetGroupArn: string;
    /** AUTOTRAIN: as FULL, and created by the solution's schedule. UPDATE: the model of another version, updated. */
    readonly trainingMode: 'FULL' | 'AUTOTRAIN' | 'UPDATE';
    readonly trainingType: 'MANUAL' | 'AUTOMATIC';
    /** As for import jobs. */
    readonly prefix: string;
    /** Up to which position of the record log the training has seen the events. */
    readonly watermark?: number;
    /** What there was to train on when the data was taken. */
    readonly trainedOn?: DataState;
    /** Prefix of the finished model. */
    readonly model?: string;
    /** That model, last brought up to date: what campaigns serve. */
    readonly update?: ModelUpdate;
    /** The one before, which requests may still be on their way to. */
    readonly superseded?: ModelUpdate | undefined;
    /** Up to which position of the record log an update that is under way sees the events. */
    readonly updateWatermark?: number | undefined;
    readonly metrics?: Readonly<Record<string, number>>;
    readonly trainingHours?: number;
  };

/** A solution version stays for as long as its solution. */
export const solutionVersionKind = defineKind<SolutionVersionDocument>()({
  name: 'solution-version',
  arnPath: arnPaths['solution-version'],
  life,
  isTaggable: true,
  parent: solutionKind,
  goesWithParent: true,
  quota: { name: 'unfinishedSolutionVersions', most: 20, counts: 'unfinished' },
  uses: [use(datasetKind, trainingsOn)],
  jobs: {
    'train-solution-version': { pool: 'training', startsWithResource: true },
    'update-solution-version': { pool: 'training', isScheduled: true },
  },
  objects: ({ model, update, superseded }) =>
    [model, update?.model, superseded?.model].filter((prefix) => prefix !== undefined),
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
