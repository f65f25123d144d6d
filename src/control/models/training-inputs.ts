import { join } from 'node:path';
import { datasetTypes, type EventDatasetType, typeNames } from '../../data/dataset-types.ts';
import { filePath, passingKey } from '../../data/encryption/file-path.ts';
import { compactedThrough, datasetFiles } from '../../data/manifest.ts';
import { type PinnedFile, pinSnapshot } from '../../data/pinned-snapshot.ts';
import { writeAttributedEvents } from '../../data/records/attributed-events.ts';
import { streamedFiles } from '../../data/records/pinned-dataset.ts';
import type { RecipeDatasets } from '../../learn/recipes/recipe.ts';
import type { TrainingInput } from '../../learn/training/training.ts';
import type { Context } from '../context.ts';
import { compactNow } from '../datasets/compaction.ts';
import { type Dataset, datasetKind, schemaOf } from '../datasets/dataset-kind.ts';
import { type Job, WorkFailed } from '../jobs/job.ts';
import { findResource } from '../resources/resource-store.ts';
import type { Transaction } from '../resources/transaction.ts';
import { type DataState, stateOfFiles } from './data-state.ts';
import type { TrainingInputs } from './model-owner.ts';

/** A job that takes the data of a dataset group to train on. */
export type InputsRequest = {
  readonly context: Context;
  readonly job: Job;
  readonly datasetGroupArn: string;
  /** What the recipe reads. */
  readonly datasets: RecipeDatasets;
  /** Whether what is written is encrypted. */
  readonly isSealed: boolean;
  /** Where the files are put. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /**
   * Notes, before any file is pinned, up to which record of the log the model sees the events. Without, files are taken
   * again where a compaction has written one across that record.
   */
  noteWatermark?(tx: Transaction, watermark: number): Promise<void>;
};

export type TakenInputs = {
  readonly inputs: TrainingInputs;
  readonly watermark: number;
  /** What there was when it was taken. */
  readonly state: DataState;
};

/**
 * The datasets of a group that a recipe reads, as files of the training's own folder, which an import that replaces
 * them meanwhile leaves alone. Records that came one by one are among them.
 *
 * @throws WorkFailed if the group lacks a dataset that the recipe requires
 */
export async function takeTrainingInputs(taking: InputsRequest): Promise<TakenInputs> {
  const datasets = datasetsToRead(taking.datasets, await datasetsOf(taking));
  const { INTERACTIONS, ITEMS, USERS, ACTIONS, ACTION_INTERACTIONS } = datasets;
  const state: Record<string, string> = {};
  const { watermark, interactions } = INTERACTIONS
    ? await takeInteractions(taking, INTERACTIONS, state)
    : { watermark: 0, interactions: undefined };
  const inputs = {
    interactions,
    items: ITEMS && (await takeEntities(taking, ITEMS, state)),
    users: USERS && (await takeEntities(taking, USERS, state)),
    actions: ACTIONS && (await takeEntities(taking, ACTIONS, state)),
    actionInteractions: ACTION_INTERACTIONS && (await takeActionInteractions(taking, ACTION_INTERACTIONS, state)),
  };
  return { inputs, watermark, state };
}

type TypedDataset = { readonly document: { readonly datasetType: string } };

/**
 * Those of a group's datasets that a recipe reads, by type.
 *
 * @throws WorkFailed if one is missing that it requires
 */
export function datasetsToRead<Found extends TypedDataset>(
  needs: RecipeDatasets,
  ofGroup: readonly Found[],
): Partial<Record<keyof RecipeDatasets, Found>> {
  const found: Partial<Record<keyof RecipeDatasets, Found>> = {};
  for (const type of datasetTypes) {
    const dataset = needs[type] && ofGroup.find(({ document }) => document.datasetType === type);
    if (dataset) found[type] = dataset;
    else if (needs[type] === 'required') throw lackingDataset(type);
  }
  return found;
}

function lackingDataset(type: keyof RecipeDatasets): WorkFailed {
  const noun = type.toLowerCase().replace('_', ' ');
  return new WorkFailed(
    `Create failed. The dataset group has no ${typeNames[type]} dataset. Create one, and import or send ${noun}.`,
  );
}

async function datasetsOf({ context: { database }, datasetGroupArn }: InputsRequest): Promise<Dataset[]> {
  const rows = await database
    .selectFrom('resources')
    .select('arn')
    .where('parent', '=', datasetGroupArn)
    .where('kind', '=', datasetKind.name)
    .execute();
  const found = await Promise.all(rows.map(({ arn }) => findResource(database, datasetKind, arn)));
  return found.filter((dataset) => dataset !== undefined);
}

async function takeEntities(
  { context, job, folder, signal }: InputsRequest,
  dataset: Dataset,
  state: Record<string, string>,
): Promise<TrainingInput> {
  const { datasetType } = dataset.document;
  await compactNow(context, job, dataset.arn, signal);
  state[datasetType] = stateOfFiles(await datasetFiles(context.database, dataset.arn));
  const taken = await pinSnapshot(context, dataset.arn, join(folder, datasetType));
  return {
    schema: await schemaOf(context.database, dataset),
    files: taken.map(({ path, key }) => filePath(path, key)),
  };
}

/**
 * All that users did with actions. There is no watermark: what answers from them, beside the model, reads all of them
 * itself.
 */
async function takeActionInteractions(
  request: InputsRequest,
  dataset: Dataset,
  state: Record<string, string>,
): Promise<TrainingInput> {
  const { context, job, folder, signal } = request;
  const { datasetType } = dataset.document;
  await compactNow(context, job, dataset.arn, signal);
  state[datasetType] = stateOfFiles(await datasetFiles(context.database, dataset.arn));
  const taken = await pinSnapshot(context, dataset.arn, join(folder, datasetType));
  return await withAttributed(request, dataset, 'ACTION_INTERACTIONS', taken);
}

/** Imported events as they are; of streamed ones those that are attributed, and no repetitions. */
async function withAttributed(
  { context, folder, isSealed, signal }: InputsRequest,
  dataset: Dataset,
  type: EventDatasetType,
  taken: readonly PinnedFile[],
): Promise<TrainingInput> {
  const schema = await schemaOf(context.database, dataset);
  const bulk = taken.filter(({ through }) => through === null).map(({ path, key }) => filePath(path, key));
  const streamed = streamedFiles(taken).map(({ path, key }) => filePath(path, key));
  if (streamed.length === 0) return { schema, files: bulk };
  const target = filePath(join(folder, `attributed-${type}.parquet`), isSealed ? passingKey() : undefined);
  const eventsLeftOut = await writeAttributedEvents({ files: streamed, schema, type, target, signal });
  return { schema, files: [...bulk, target], eventsLeftOut };
}

type TakenInteractions = { readonly interactions: TrainingInput; readonly watermark: number };

/** All bulk data, and the streamed events that are attributed and deduplicated, up to a watermark. */
async function takeInteractions(
  request: InputsRequest,
  dataset: Dataset,
  state: Record<string, string>,
): Promise<TakenInteractions> {
  const { context, job, folder, signal, noteWatermark } = request;
  const { datasetType } = dataset.document;
  await compactNow(context, job, dataset.arn, signal);
  for (;;) {
    signal.throwIfAborted();
    const watermark = await job.transaction(async (tx) => {
      const files = await datasetFiles(tx.db, dataset.arn);
      state[datasetType] = stateOfFiles(files);
      const through = compactedThrough(files);
      await noteWatermark?.(tx, through);
      return through;
    });
    const taken = await pinSnapshot(context, dataset.arn, join(folder, datasetType, String(watermark)));
    const seen = taken.filter(({ through }) => through === null || through <= watermark);
    if (!noteWatermark && compactedThrough(seen) !== watermark) continue;
    return { interactions: await withAttributed(request, dataset, 'INTERACTIONS', seen), watermark };
  }
}
