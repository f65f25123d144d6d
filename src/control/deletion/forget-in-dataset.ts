import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Forgotten, forgetInFiles } from '../../data/deletion/forget-in-files.ts';
import { usersOf } from '../../data/deletion/user-lists.ts';
import { sealedPrefix } from '../../data/encryption/group-key.ts';
import { compactedThrough, datasetFiles, exchangeDatasetFiles, type ListedFile } from '../../data/manifest.ts';
import { forgetUnreferenced, noteUnreferenced } from '../../data/objects/unreferenced-objects.ts';
import { sessionColumn } from '../../data/records/event-lines.ts';
import type { Layout } from '../../data/records/layout.ts';
import type { Progress } from '../../util/progress.ts';
import type { Context } from '../context.ts';
import { compactNow } from '../datasets/compaction.ts';
import type { Dataset } from '../datasets/dataset-kind.ts';
import type { Job } from '../jobs/job.ts';
import { resourceOf } from '../jobs/job-resource.ts';
import { changeResource } from '../resources/resource-store.ts';
import { type DataDeletionJob, dataDeletionJobKind } from './data-deletion-job-kind.ts';
import type { HiddenList } from './hidden-users.ts';

/** A data deletion job that has its list. */
export type DeletionWork = {
  readonly context: Context;
  readonly job: Job;
  readonly progress: Progress;
  readonly deletion: DataDeletionJob;
  readonly users: HiddenList;
  readonly signal: AbortSignal;
};

/**
 * Takes the users out of what a dataset holds: files of imports that were created before the job, and records up to a
 * watermark, in files and in the log. What comes later is new data.
 */
export async function forgetInDataset(work: DeletionWork, dataset: Dataset): Promise<void> {
  const watermark = await watermarkOf(work, dataset.arn);
  // An import that was created later may replace files meanwhile. What it brings is not looked at.
  while (!(await exchangeFiles(work, dataset, watermark))) work.signal.throwIfAborted();
}

/** Up to which position the dataset's records are in files and searched; the same in every attempt. */
async function watermarkOf({ context, job, signal }: DeletionWork, datasetArn: string): Promise<number> {
  const noted = (await job.transaction((tx) => resourceOf(tx, dataDeletionJobKind, job))).document.watermarks;
  const known = noted?.[datasetArn];
  if (known !== undefined) return known;
  const accepted = await context.records.log.lastPosition();
  for (;;) {
    await compactNow(context, job, datasetArn, signal);
    if (!(await hasUncompacted(context, datasetArn, accepted))) break;
  }
  return await job.transaction(async (tx) => {
    const deletion = await resourceOf(tx, dataDeletionJobKind, job);
    const watermark = compactedThrough(await datasetFiles(tx.db, datasetArn));
    const watermarks = { ...deletion.document.watermarks, [datasetArn]: watermark };
    await changeResource(tx, deletion, { document: { watermarks } });
    return watermark;
  });
}

/** Another compaction may have been quicker, and have left some. */
async function hasUncompacted({ database }: Context, datasetArn: string, through: number): Promise<boolean> {
  const row = await database
    .selectFrom('record_log')
    .select('position')
    .where('dataset_arn', '=', datasetArn)
    .where('position', '>', compactedThrough(await datasetFiles(database, datasetArn)))
    .where('position', '<=', through)
    .where('records', '>', 0)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** @returns whether all files that had rows of the users were replaced */
async function exchangeFiles(work: DeletionWork, dataset: Dataset, watermark: number): Promise<boolean> {
  const { context, job, deletion, users, signal } = work;
  const { database, keys, store, records } = context;
  const sealing = await keys?.ofDataset(dataset.arn);
  const prefix = `datasets/deletions/${randomUUID()}/`;
  await job.transaction(({ db, now }) => noteUnreferenced(db, [prefix], now, job.id));
  const workFolder = join(context.workFolder, `deletion-${job.id}-${randomUUID()}`);
  const forgotten = await forgetInFiles({
    store,
    datasetType: dataset.document.datasetType,
    files: await filesToSearch(context, deletion, dataset.arn, watermark),
    users: usersOf(database, keys, deletion.arn),
    targetPrefix: sealedPrefix(prefix, sealing),
    sealing,
    workFolder,
    signal,
  }).finally(() => rm(workFolder, { recursive: true, force: true }));
  // Before the files are exchanged: they alone tell whose the sessions are, should this end here and begin again.
  await records.log.changeLines(dataset.arn, watermark, lineChange(users, forgotten));
  return await job.transaction(async (tx) => {
    const { placed, late } = await exchangeDatasetFiles(tx.db, dataset.arn, forgotten.replacements);
    await forgetUnreferenced(tx.db, [prefix]);
    const unused = [...placed.map(({ key }) => key), ...late.map(({ file }) => file.key)];
    await noteUnreferenced(tx.db, unused, tx.now);
    const present = await resourceOf(tx, dataDeletionJobKind, job);
    const removed = placed.reduce((sum, { rowsRemoved }) => sum + rowsRemoved, 0);
    const numDeleted = (present.document.numDeleted ?? 0) + removed;
    await changeResource(tx, present, { document: { numDeleted } });
    return late.length === 0;
  });
}

/** The same as in files: lines of the users go, and no session of others bears the id of one. */
function lineChange(users: HiddenList, { sessions }: Forgotten) {
  const theirs = new Set(sessions);
  return (values: readonly string[], layout: Layout): readonly string[] | undefined => {
    const user = values[layout.findIndex(({ name }) => name === 'USER_ID')] ?? '';
    const sessionIndex = layout.findIndex(({ name }) => name === sessionColumn);
    const session = values[sessionIndex] ?? '';
    if (user !== '' && users.has(user)) return undefined;
    if (session === '' || !(theirs.has(session) || users.has(session))) return values;
    if (user === '') return undefined;
    return users.has(session) ? values.with(sessionIndex, '') : values;
  };
}

/** Files of imports that were created before the job, and those that hold the log up to the watermark. */
async function filesToSearch(
  { database }: Context,
  { sequence }: DataDeletionJob,
  datasetArn: string,
  watermark: number,
): Promise<ListedFile[]> {
  const later = await database
    .selectFrom('dataset_files')
    .innerJoin('resources', 'resources.arn', 'dataset_files.import_job_arn')
    .select('dataset_files.key')
    .where('dataset_files.dataset_arn', '=', datasetArn)
    .where('dataset_files.through', 'is', null)
    .where('resources.sequence', '>', sequence)
    .execute();
  const broughtLater = new Set(later.map(({ key }) => key));
  return (await datasetFiles(database, datasetArn)).filter(({ key, through }) =>
    through === null ? !broughtLater.has(key) : through <= watermark,
  );
}
