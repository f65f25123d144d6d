import { arnPaths } from '../../contract/arn.ts';
import type { DataState } from '../models/data-state.ts';
import { type CommonDocument, defineKind, type ResourceOf } from '../resources/kind.ts';
import { creationLife, type LifeCycle } from '../resources/lifecycle.ts';
import { type SolutionSettings, solutionKind } from './solution-kind.ts';

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
});

export type SolutionVersion = ResourceOf<typeof solutionVersionKind>;
