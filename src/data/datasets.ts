import type { Transaction } from 'kysely';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

/** A Parquet file of a dataset's bulk data. */
export type DatasetFile = {
  /** Key in the server's object store. */
  readonly key: string;
  readonly rows: number;
  readonly bytes: number;
};

/** The files that make up a dataset's bulk data, in order of import. */
export async function datasetFiles(database: Database, datasetArn: string): Promise<DatasetFile[]> {
  return await database
    .selectFrom('dataset_files')
    .select(['key', 'rows', 'bytes'])
    .where('dataset_arn', '=', datasetArn)
    .orderBy('position')
    .execute();
}

/**
 * Makes `files` the whole of the dataset.
 *
 * @param now milliseconds since the epoch.
 * @returns the files that made it up before, to be removed from the store once the transaction is committed.
 */
export async function replaceDatasetFiles(
  transaction: Transaction<Tables>,
  datasetArn: string,
  importJobArn: string,
  files: readonly DatasetFile[],
  now: number,
): Promise<DatasetFile[]> {
  const before = await datasetFiles(transaction, datasetArn);
  await transaction.deleteFrom('dataset_files').where('dataset_arn', '=', datasetArn).execute();
  await insertFiles(transaction, datasetArn, importJobArn, files, 0, now);
  return before;
}

/** Adds `files` to the dataset as its newest. The caller sees to it that no other transaction changes the dataset meanwhile. */
export async function appendDatasetFiles(
  transaction: Transaction<Tables>,
  datasetArn: string,
  importJobArn: string,
  files: readonly DatasetFile[],
  now: number,
): Promise<void> {
  const newest = await transaction
    .selectFrom('dataset_files')
    .select('position')
    .where('dataset_arn', '=', datasetArn)
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  await insertFiles(transaction, datasetArn, importJobArn, files, newest === undefined ? 0 : newest.position + 1, now);
}

async function insertFiles(
  transaction: Transaction<Tables>,
  datasetArn: string,
  importJobArn: string,
  files: readonly DatasetFile[],
  start: number,
  now: number,
): Promise<void> {
  if (files.length === 0) return;
  const rows = files.map((file, index) => ({
    ...file,
    dataset_arn: datasetArn,
    position: start + index,
    import_job_arn: importJobArn,
    created_at: now,
  }));
  await transaction.insertInto('dataset_files').values(rows).execute();
}
