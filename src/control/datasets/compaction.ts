import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sealedPrefix } from '../../data/encryption/group-key.ts';
import { compactDatasetFiles, compactedThrough, datasetFiles } from '../../data/manifest.ts';
import { forgetUnreferenced, noteUnreferenced } from '../../data/objects/unreferenced-objects.ts';
import { compactRecords, filesToAbsorb, keepsWatermarks } from '../../data/records/compaction.ts';
import type { Context } from '../context.ts';
import { deletionWatermarks } from '../deletion/data-deletion-job-kind.ts';
import type { Job, JobHandler } from '../jobs/job.ts';
import { watermarksOf } from '../models/model-owner.ts';
import { findResource, type Queryable } from '../resources/resource-store.ts';
import type { Transaction } from '../resources/transaction.ts';
import { type Dataset, datasetKind } from './dataset-kind.ts';

/** Records that are ready to become files of their dataset. */
type ReadyCompaction = {
  /** Takes them in, if no other compaction has been quicker: each record is in the log or in a file, never in both. */
  commit(tx: Transaction): Promise<void>;
};

/** Takes the records that came one by one into Parquet files of their dataset. Until then they stay in the log. */
export function recordCompaction(context: Context): JobHandler {
  return {
    run: (job, progress) => prepareCompaction(context, job, job.resourceArn, progress.signal),
    async fail(_tx, job, reason) {
      const resource = job.resourceArn;
      context.log.error({ resource, reason }, 'Records could not be compacted. They stay in the log until they can.');
    },
  };
}

/** Compacts what the log holds of a dataset now. @throws what a store or a disk does */
export async function compactNow(context: Context, job: Job, datasetArn: string, signal: AbortSignal): Promise<void> {
  const ready = await prepareCompaction(context, job, datasetArn, signal);
  await job.transaction((tx) => ready.commit(tx));
}

/** Writes the files for what the log holds of a dataset now. */
async function prepareCompaction(
  context: Context,
  job: Job,
  datasetArn: string,
  signal: AbortSignal,
): Promise<ReadyCompaction> {
  const { database, store, keys } = context;
  const { log } = context.records;
  const dataset = await findResource(database, datasetKind, datasetArn);
  if (!dataset) return nothingToDo;
  const present = await datasetFiles(database, datasetArn);
  const after = compactedThrough(present);
  const through = await log.lastPosition();
  const records = await countAfter(context, datasetArn, after);
  if (records === 0) return nothingToDo;
  const absorbed = filesToAbsorb(present, records, await trainedUpTo(context, database, dataset));
  const sealing = await keys?.ofDataset(datasetArn);
  const targetPrefix = `datasets/records/${job.id}/${randomUUID()}/`;
  await job.transaction(({ db: trx, now }) => noteUnreferenced(trx, [targetPrefix], now, job.id));
  const workFolder = join(context.workFolder, `compaction-${job.id}-${randomUUID()}`);
  const compaction = await compactRecords({
    log,
    store,
    datasetArn,
    after,
    through,
    absorbed,
    targetPrefix: sealedPrefix(targetPrefix, sealing),
    sealing,
    workFolder,
    signal,
  }).finally(() => rm(workFolder, { recursive: true, force: true }));
  if (!compaction) return nothingToDo;
  return {
    async commit(tx) {
      const { db: trx, now } = tx;
      // Meanwhile the dataset may have been deleted, and another created under its name; or a training may have begun.
      const isSame = (await findResource(trx, datasetKind, datasetArn))?.sequence === dataset.sequence;
      const kept = keepsWatermarks(absorbed, await trainedUpTo(context, trx, dataset));
      const taken = isSame && kept && (await compactDatasetFiles(trx, datasetArn, compaction, now));
      if (taken) await forgetUnreferenced(trx, [targetPrefix]);
      await noteUnreferenced(trx, taken ? compaction.absorbed : [targetPrefix], now);
    },
  };
}

const nothingToDo: ReadyCompaction = { commit: async () => {} };

async function countAfter({ database }: Context, datasetArn: string, after: number): Promise<number> {
  const { records } = await database
    .selectFrom('record_log')
    .select((column) => column.fn.sum('records').as('records'))
    .where('dataset_arn', '=', datasetArn)
    .where('position', '>', after)
    .executeTakeFirstOrThrow();
  return Number(records ?? 0);
}

/** The watermarks of the models of the dataset's group, and of deletions of users that are going on. */
async function trainedUpTo(
  { owners }: Context,
  db: Queryable,
  { account, region, parent, arn }: Dataset,
): Promise<number[]> {
  const owned = await owners.models.all(db, { account, region });
  const trained = owned.flatMap(({ owner, plan }) =>
    plan.datasetGroupArn === parent ? watermarksOf(owner.document) : [],
  );
  return [...trained, ...(await deletionWatermarks(db, parent ?? '', arn))];
}
