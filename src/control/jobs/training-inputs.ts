import { join } from 'node:path';
import { compactedThrough, datasetFiles } from '../../data/datasets.ts';
import { writeCountedEvents } from '../../data/records/counted-events.ts';
import { takeDatasetFiles } from '../../data/taken-files.ts';
import type { TrainingInput, TrainingRequest } from '../../learn/training.ts';
import { schemaOf } from '../dataset-lookup.ts';
import type { Context } from '../parts.ts';
import type { Resource } from '../resource.ts';
import { changeResource, findResource } from '../resource-store.ts';
import { compactNow } from './compaction.ts';
import { type Job, WorkFailed } from './job.ts';
import { subjectOf } from './subject.ts';

/** A training that takes its data: its job works for a solution version. */
export type Taking = {
  readonly context: Context;
  readonly job: Job;
  readonly datasetGroupArn: string;
  /** Where the files are put. */
  readonly folder: string;
  readonly signal: AbortSignal;
};

/**
 * The datasets of a group as files of the training's own folder, which an import that replaces them meanwhile leaves alone. Records
 * that came one by one are among them; the version remembers up to which one.
 *
 * @throws WorkFailed if the group has no Interactions dataset.
 */
export async function takeTrainingInputs(
  taking: Taking,
): Promise<Pick<TrainingRequest, 'interactions' | 'items' | 'users'>> {
  const datasets = await datasetsOf(taking);
  const find = (type: string) => datasets.find(({ document }) => document.datasetType === type);
  const [interactions, items, users] = [find('INTERACTIONS'), find('ITEMS'), find('USERS')];
  if (!interactions) throw new WorkFailed('Create failed. The dataset group has no Interactions dataset.');
  return {
    interactions: await takeInteractions(taking, interactions),
    items: items && (await takeEntities(taking, items)),
    users: users && (await takeEntities(taking, users)),
  };
}

async function datasetsOf({ context: { database }, datasetGroupArn }: Taking): Promise<Resource<'dataset'>[]> {
  const rows = await database
    .selectFrom('resources')
    .select('arn')
    .where('parent', '=', datasetGroupArn)
    .where('kind', '=', 'dataset')
    .execute();
  const found = await Promise.all(rows.map(({ arn }) => findResource(database, 'dataset', arn)));
  return found.filter((dataset) => dataset !== undefined);
}

async function takeEntities(taking: Taking, dataset: Resource<'dataset'>): Promise<TrainingInput> {
  const { context, job, folder, signal } = taking;
  await compactNow(context, job, dataset.arn, signal);
  const taken = await takeDatasetFiles(context, dataset.arn, join(folder, dataset.document.datasetType));
  return { schema: await schemaOf(context.database, dataset), files: taken.map(({ path }) => path) };
}

/** Bulk data as it is; of the events those that count, up to a place in the log that the version remembers. */
async function takeInteractions(taking: Taking, dataset: Resource<'dataset'>): Promise<TrainingInput> {
  const { context, job, folder, signal } = taking;
  await compactNow(context, job, dataset.arn, signal);
  const recordsThrough = await job.change(async (change) => {
    const through = compactedThrough(await datasetFiles(change.trx, dataset.arn));
    const version = await subjectOf(change, 'solution-version', job);
    await changeResource(change, version, { document: { recordsThrough: through } });
    return through;
  });
  const schema = await schemaOf(context.database, dataset);
  const taken = await takeDatasetFiles(context, dataset.arn, join(folder, dataset.document.datasetType));
  const pathsOf = (wanted: (through: number | null) => boolean) =>
    taken.filter(({ through }) => wanted(through)).map(({ path }) => path);
  const bulk = pathsOf((through) => through === null);
  const streamed = pathsOf((through) => through !== null && through <= recordsThrough);
  if (streamed.length === 0) return { schema, files: bulk };
  const counted = join(folder, 'counted.parquet');
  await writeCountedEvents({ files: streamed, schema, target: counted, signal });
  return { schema, files: [...bulk, counted] };
}
