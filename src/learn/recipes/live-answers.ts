import type { DatasetSchema } from '../../data/dataset-schema.ts';
import type { FilePath } from '../../data/encryption/file-path.ts';
import type { EventCondition } from '../../data/views/live/event-condition.ts';
import type { ViewSource } from '../../data/views/view.ts';
import type { LiveView } from '../model/live-view.ts';
import type { Parameters } from './parameter-values.ts';

export const liveDatasetTypes = ['INTERACTIONS', 'ITEMS', 'ACTIONS', 'ACTION_INTERACTIONS'] as const;
export type LiveDatasetType = (typeof liveDatasetTypes)[number];

/** How answers follow the data between trainings: by a view that stands before the model of each deployment. */
export type LiveAnswers = {
  /** The datasets that the view follows, as far as the dataset group has them. */
  readonly follows: { readonly [Type in LiveDatasetType]?: ViewSource['rows'] };
  /** Makes the view, which is read after that. @throws what a store or a disk does */
  create(parts: LiveViewParts): Promise<LiveView>;
};

/** What a view of a deployment is made from. */
export type LiveViewParts = {
  /** Prefix of the model before which the view stands. */
  readonly model: string;
  readonly datasets: {
    readonly [Type in LiveDatasetType]?: { readonly arn: string; readonly schema: DatasetSchema } | undefined;
  };
  readonly parameters: Parameters;
  /** The events that the training takes: those that meet one of these; all where there are none. */
  readonly events: readonly EventCondition[];
  /** Up to which position of the record log the model has seen the events. */
  readonly watermark: number;
  /** The folder of the model, for as long as `work` takes. */
  withModel<T>(work: (folder: FilePath) => Promise<T>): Promise<T>;
  /** A folder with a sentence encoder for texts; without, texts are known by their words. */
  readonly textEncoder?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly clock: { now(): number };
};
