import { join } from 'node:path';
import { filePath, passingKey } from '../../data/encryption/file-path.ts';
import { compactedThrough, datasetFiles } from '../../data/manifest.ts';
import { pinSnapshot } from '../../data/pinned-snapshot.ts';
import { writeAttributedEvents } from '../../data/records/attributed-events.ts';
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
  /** Notes, before any file is pinned, up to which record of the log the model sees the events. */
  noteWatermark(tx: Transaction, watermark: number): Promise<void>;
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
  const { INTERACTIONS, ITEMS, USERS } = datasetsToRead(taking.datasets, await datasetsOf(taking));
  const state: Record<string, string> = {};
  const { watermark, interactions } = INTERACTIONS
    ? await takeInteractions(taking, INTERACTIONS, state)
    : { watermark: 0, interactions: undefined };
  const inputs = {
    interactions,
    items: ITEMS && (await takeEntities(taking, ITEMS, state)),
    users: USERS && (await takeEntities(taking, USERS, state)),
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
  for (const type of ['INTERACTIONS', 'ITEMS', 'USERS'] as const) {
    const dataset = needs[type] && ofGroup.find(({ document }) => document.datasetType === type);
    if (dataset) found[type] = dataset;
    else if (needs[type] === 'required') throw lackingDataset(type);
  }
  return found;
}

function lackingDataset(type: keyof RecipeDatasets): WorkFailed {
  const noun = type.toLowerCase();
  const name = `${type.charAt(0)}${noun.slice(1)}`;
  return new WorkFailed(
    `Create failed. The dataset group has no ${name} dataset. Create one, and import or send ${noun}.`,
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

/** All bulk data, and the streamed events that are attributed and deduplicated, up to a watermark that is noted. */
async function takeInteractions(
  { context, job, folder, isSealed, signal, noteWatermark }: InputsRequest,
  dataset: Dataset,
  state: Record<string, string>,
): Promise<{ readonly interactions: TrainingInput; readonly watermark: number }> {
  const { datasetType } = dataset.document;
  await compactNow(context, job, dataset.arn, signal);
  const watermark = await job.transaction(async (tx) => {
    const files = await datasetFiles(tx.db, dataset.arn);
    state[datasetType] = stateOfFiles(files);
    const through = compactedThrough(files);
    await noteWatermark(tx, through);
    return through;
  });
  const schema = await schemaOf(context.database, dataset);
  const taken = await pinSnapshot(context, dataset.arn, join(folder, datasetType));
  const pathsOf = (wanted: (through: number | null) => boolean) =>
    taken.filter(({ through }) => wanted(through)).map(({ path, key }) => filePath(path, key));
  const bulk = pathsOf((through) => through === null);
  const streamed = pathsOf((through) => through !== null && through <= watermark);
  if (streamed.length === 0) return { interactions: { schema, files: bulk }, watermark };
  const attributed = filePath(join(folder, 'attributed.parquet'), isSealed ? passingKey() : undefined);
  const eventsLeftOut = await writeAttributedEvents({
    files: streamed,
    schema,
    type: 'INTERACTIONS',
    target: attributed,
    signal,
  });
  return { interactions: { schema, files: [...bulk, attributed], eventsLeftOut }, watermark };
}
