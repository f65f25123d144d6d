import type { DatasetSchema } from '../../data/dataset-schema.ts';
import type { FilePath } from '../../data/encryption/file-path.ts';
import { TaskError } from '../../util/child-task/task.ts';
import type { Progress } from '../../util/progress.ts';

/**
 * A dataset as training reads it: Parquet files on this machine in order of import (a later record of an id replaces an
 * earlier one).
 */
export type TrainingInput = {
  readonly schema: DatasetSchema;
  readonly files: readonly FilePath[];
  /** How many streamed events are in none of the files: not attributed, repeated, or without an item. */
  readonly eventsLeftOut?: number;
};

/** What data must have for a training to succeed (spec quotas.md §1). */
export type TrainingLimits = {
  /** Fewest unique interactions, after the filters. */
  readonly interactionsToTrain: number;
  /** Fewest users with at least two interactions. */
  readonly usersWithTwoInteractionsToTrain: number;
  /** Least share of those among all users, in percent. */
  readonly percentOfUsersWithTwoInteractionsToTrain: number;
  /** Most distinct event types and optional columns of the interactions, together. */
  readonly eventTypesAndColumnsToTrain: number;
};

/** The service's own. */
export const serviceTrainingLimits: TrainingLimits = {
  interactionsToTrain: 1000,
  usersWithTwoInteractionsToTrain: 25,
  percentOfUsersWithTwoInteractionsToTrain: 1,
  eventTypesAndColumnsToTrain: 10,
};

/** Which events of one type train, and their weight. */
export type EventParameters = {
  readonly eventType: string;
  /** Only events with EVENT_VALUE of at least this. */
  readonly eventValueThreshold?: number | undefined;
  /** Not below 0, and above it for one type at least: only the ratio matters. */
  readonly weight: number;
};

export type TrainingRequest = {
  /** Name of a recipe of the catalogue, such as `aws-sims`. */
  readonly recipe: string;
  /** The caller's settings by name, validated against the recipe. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Absent only for a recipe that does without. */
  readonly interactions?: TrainingInput | undefined;
  readonly items?: TrainingInput;
  readonly users?: TrainingInput;
  readonly actions?: TrainingInput | undefined;
  /** Imported ones, and streamed ones that are attributed to a user and deduplicated. */
  readonly actionInteractions?: TrainingInput | undefined;
  /** Only events of this type train. */
  readonly eventType?: string;
  /** Only events with EVENT_VALUE of at least this train. */
  readonly eventValueThreshold?: number;
  /** Instead of these two: only events of these types train. */
  readonly events?: readonly EventParameters[] | undefined;
  /** A folder with a sentence encoder for texts; without, texts are known by their words. */
  readonly textEncoder?: string | undefined;
  /** The execution provider of ONNX Runtime that computes training steps; without, the processor does. */
  readonly provider?: string | undefined;
  readonly limits: TrainingLimits;
  /** The folder of a model of the recipe that is brought up to date; without, one is trained from scratch. */
  readonly modelToUpdate?: FilePath | undefined;
  /** Decides the split and every random choice: the same seed and data give the same model on one machine. */
  readonly seed: number;
  /** Where the model folder appears when, and only when, training has succeeded. */
  readonly modelFolder: FilePath;
  /** A folder for intermediate files, which the caller removes. */
  readonly workFolder: FilePath;
};

export type TrainingResult = {
  /** As GetSolutionMetrics answers them: names of the service, rounded to 4 decimals. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly seconds: number;
};

/** A training that cannot succeed with this data; the message is the version's failureReason. */
export class TrainingError extends TaskError {
  override name = 'TrainingError';
}

/** What lets the next attempt resume a training that is interrupted. */
export type KeptCheckpoints = {
  /** The folder of what earlier attempts kept, if they did; checkpoints of other data in it are left aside. */
  readonly earlier: FilePath | undefined;
  /** What new ones are sealed with. */
  readonly key?: string | undefined;
  /** Moves a finished file away; it replaces the one that was kept under the name. */
  keep(name: string, path: string): Promise<void>;
};

/**
 * Trains in a child process, so that a trainer that dies or is stopped takes nothing with it.
 *
 * @throws TaskError if the data does not suffice, TaskDied, the signal's reason when `progress.signal` is aborted
 *   (the child is gone within 5 s).
 */
export type Train = (
  request: TrainingRequest,
  progress: Progress,
  /** Nothing is kept unless given. */
  checkpoints?: KeptCheckpoints,
) => Promise<TrainingResult>;
