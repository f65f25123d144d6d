import type { Input } from '../../contract/operations.ts';
import type { DatasetType } from '../../data/dataset-schema.ts';
import type { RowCounts } from '../../data/import/bad-rows.ts';
import type { RecipeType } from '../../learn/recipes/recipe.ts';
import type { DataState } from '../models/data-state.ts';
import type { Kind, Status, UpdatableKind, UpdateStatus } from './lifecycle.ts';

/** Progress of the latest change of a resource; `createdAt` and `updatedAt` in milliseconds since the epoch. */
export type Update<K extends UpdatableKind, Change> = Change & {
  readonly status: UpdateStatus<K>;
  readonly failureReason?: string;
  readonly createdAt: number;
  readonly updatedAt: number;
};

type SolutionInput = Input<'CreateSolution'>;
export type SolutionConfig = NonNullable<SolutionInput['solutionConfig']>;
export type CampaignConfig = NonNullable<Input<'CreateCampaign'>['campaignConfig']>;

export type SolutionSettings = Pick<
  SolutionInput,
  'performHPO' | 'performAutoML' | 'performIncrementalUpdate' | 'eventType'
> & {
  readonly recipeArn: string;
  readonly solutionConfig?: SolutionConfig;
  /** The columns of the group's datasets at the solution's creation: those that a later schema adds do not train. */
  readonly datasetColumns?: DatasetColumns;
};

/** Names of columns by type of dataset. */
export type DatasetColumns = { readonly [Type in DatasetType]?: readonly string[] };

/** What a campaign is asked to be. */
export type CampaignSettings = {
  /** The concrete version, also where the caller said `$LATEST`. */
  readonly solutionVersionArn: string;
  readonly minProvisionedTPS: number;
  readonly campaignConfig?: CampaignConfig;
};

/** What answers a campaign's requests. */
export type ServedModel = {
  readonly recipeType: RecipeType;
  /** Prefix of the model. */
  readonly model: string;
  /** Up to which position of the record log the model has seen the events. */
  readonly recordsThrough?: number | undefined;
};

/** A model of a version that was brought up to date. */
export type ModelUpdate = Pick<ServedModel, 'model'> & {
  readonly recordsThrough: number;
  /** What there was when its data was taken. */
  readonly state: DataState;
};

/** What each kind of resource keeps beyond the columns that all have, as JSON in `resources.document`. */
export type Documents = {
  schema: { readonly schema: string };
  'dataset-group': { readonly failureReason?: string };
  dataset: {
    readonly datasetType: DatasetType;
    readonly schemaArn: string;
    readonly failureReason?: string;
    readonly latestUpdate?: Update<'dataset', { readonly schemaArn: string }>;
  };
  'dataset-import-job': {
    readonly dataLocation: string;
    readonly importMode: 'FULL' | 'INCREMENTAL';
    readonly roleArn?: string;
    /** Prefix in the server's object store below which every attempt has a folder of its own. */
    readonly prefix: string;
    /** Once its files have been read: how many rows there were, and how many of them were bad. */
    readonly rows?: RowCounts;
    readonly failureReason?: string;
  };
  'event-tracker': { readonly trackingId: string; readonly failureReason?: string };
  solution: SolutionSettings & {
    readonly performAutoTraining: boolean;
    readonly failureReason?: string;
    readonly latestUpdate?: Update<'solution', Omit<Input<'UpdateSolution'>, 'solutionArn'>>;
  };
  'solution-version': SolutionSettings & {
    readonly datasetGroupArn: string;
    /** AUTOTRAIN: as FULL, and created by the solution's schedule. UPDATE: the model of another version, brought up to date. */
    readonly trainingMode: 'FULL' | 'AUTOTRAIN' | 'UPDATE';
    readonly trainingType: 'MANUAL' | 'AUTOMATIC';
    /** As for import jobs. */
    readonly prefix: string;
    /** Up to which position of the record log the training has seen the events. */
    readonly recordsThrough?: number;
    /** What there was to train on when the data was taken. */
    readonly trainedOn?: DataState;
    /** Prefix of the finished model. */
    readonly model?: string;
    /** That model, last brought up to date: what campaigns serve. */
    readonly update?: ModelUpdate;
    /** The one before, which requests may still be on their way to. */
    readonly superseded?: ModelUpdate | undefined;
    /** Up to which position of the record log an update that is under way sees the events. */
    readonly updatingThrough?: number | undefined;
    readonly metrics?: Readonly<Record<string, number>>;
    readonly trainingHours?: number;
    readonly failureReason?: string;
  };
  campaign: CampaignSettings & {
    /** Absent until the campaign has been ACTIVE. */
    readonly serves?: ServedModel;
    readonly failureReason?: string;
    readonly latestUpdate?: Update<'campaign', CampaignSettings>;
  };
};

export type Resource<K extends Kind = Kind> = {
  readonly arn: string;
  readonly kind: K;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly parent: string | null;
  readonly status: Status<K>;
  readonly document: Documents[K];
  readonly version: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Place in the order of creation. */
  readonly sequence: number;
};
