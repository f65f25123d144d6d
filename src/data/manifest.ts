import type { Transaction } from 'kysely';
import type { Database } from './database/database.ts';
import type { Tables } from './database/tables.ts';
import type { ExpectedChecksum } from './objects/checksums.ts';

/** A Parquet file of a dataset. */
export type DatasetFile = {
  /** Key in the server's object store. */
  readonly key: string;
  readonly rows: number;
  readonly bytes: number;
  /** SHA-256 of its content in hexadecimal. */
  readonly sha256: string;
};

/** A file as the manifest has it. */
export type ListedFile = Omit<DatasetFile, 'sha256'> & {
  /** Null for a file that an earlier release wrote. */
  readonly sha256: string | null;
  /** The last position of the record log that the file holds; null for the file of an import job. */
  readonly through: number | null;
};

/** The files that make up a dataset, in order of import. */
export async function datasetFiles(database: Database, datasetArn: string): Promise<ListedFile[]> {
  return await database
    .selectFrom('dataset_files')
    .select(['key', 'rows', 'bytes', 'sha256', 'through'])
    .where('dataset_arn', '=', datasetArn)
    .orderBy('position')
    .execute();
}

/** The files of all datasets. */
export async function allFiles(database: Database): Promise<ListedFile[]> {
  return await database
    .selectFrom('dataset_files')
    .select(['key', 'rows', 'bytes', 'sha256', 'through'])
    .orderBy('key')
    .execute();
}

/** For each of these datasets that has imported files, a text that changes with each import. */
export async function importedVersions(
  database: Database,
  datasetArns: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (datasetArns.length === 0) return new Map();
  // Keys are random, so that a replacement of all files changes the first and the last.
  const rows = await database
    .selectFrom('dataset_files')
    .select(({ fn }) => ['dataset_arn', fn.countAll().as('files'), fn.min('key').as('first'), fn.max('key').as('last')])
    .where('dataset_arn', 'in', [...new Set(datasetArns)])
    .where('through', 'is', null)
    .groupBy('dataset_arn')
    .execute();
  return new Map(rows.map(({ dataset_arn, files, first, last }) => [dataset_arn, `${files} ${first} ${last}`]));
}

/** When the newest of a dataset's imported files came, in milliseconds since the epoch; undefined without any. */
export async function lastImport(database: Database, datasetArn: string): Promise<number | undefined> {
  const newest = await database
    .selectFrom('dataset_files')
    .select('created_at')
    .where('dataset_arn', '=', datasetArn)
    .where('through', 'is', null)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return newest?.created_at;
}

/** What a file must be to be read. */
export const expectedOf = ({ bytes, sha256, through }: ListedFile): ExpectedChecksum => ({
  bytes,
  sha256,
  remedy:
    through === null
      ? 'put it back from a backup, or import all data of the dataset again with importMode FULL'
      : 'put it back from a backup',
});

/** Up to which position of the record log a dataset's records are in its files. */
export const compactedThrough = (files: readonly Pick<ListedFile, 'through'>[]): number =>
  files.reduce((last, { through }) => Math.max(last, through ?? 0), 0);

/**
 * Makes `files` the whole of the dataset's bulk data. Records that came one by one stay.
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
): Promise<ListedFile[]> {
  const before = (await datasetFiles(transaction, datasetArn)).filter(({ through }) => through === null);
  await transaction
    .deleteFrom('dataset_files')
    .where('dataset_arn', '=', datasetArn)
    .where('through', 'is', null)
    .execute();
  await appendDatasetFiles(transaction, datasetArn, importJobArn, files, now);
  return before;
}

/**
 * Takes the records of the log up to `through` into the dataset: `files` hold them and the content of `absorbed`, its
 * newest files.
 *
 * @returns whether that was done: not if another has been quicker.
 */
export async function compactDatasetFiles(
  transaction: Transaction<Tables>,
  datasetArn: string,
  { after, through, absorbed, files }: Compaction,
  now: number,
): Promise<boolean> {
  const present = await datasetFiles(transaction, datasetArn);
  const keys = new Set(present.map(({ key }) => key));
  if (compactedThrough(present) !== after || absorbed.some((key) => !keys.has(key))) return false;
  if (absorbed.length > 0) {
    await transaction
      .deleteFrom('dataset_files')
      .where('dataset_arn', '=', datasetArn)
      .where('key', 'in', absorbed)
      .execute();
  }
  await appendDatasetFiles(transaction, datasetArn, datasetArn, files, now, through);
  return true;
}

export type Compaction = {
  /** The records of the log after this position … */
  readonly after: number;
  /** … and up to this one are in `files`. */
  readonly through: number;
  /** Keys of files whose content is in `files`, too. */
  readonly absorbed: readonly string[];
  readonly files: readonly DatasetFile[];
};

/**
 * Removes all that a dataset holds. @returns its files, to be removed from the store once the transaction is committed.
 */
export async function clearDataset(transaction: Transaction<Tables>, datasetArn: string): Promise<ListedFile[]> {
  const before = await datasetFiles(transaction, datasetArn);
  await transaction.deleteFrom('dataset_files').where('dataset_arn', '=', datasetArn).execute();
  await transaction.deleteFrom('record_log').where('dataset_arn', '=', datasetArn).execute();
  return before;
}

/**
 * Adds `files` to the dataset as its newest. The caller sees to it that no other transaction changes the dataset
 * meanwhile.
 */
export async function appendDatasetFiles(
  transaction: Transaction<Tables>,
  datasetArn: string,
  importJobArn: string,
  files: readonly DatasetFile[],
  now: number,
  through: number | null = null,
): Promise<void> {
  const newest = await transaction
    .selectFrom('dataset_files')
    .select('position')
    .where('dataset_arn', '=', datasetArn)
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (files.length === 0) return;
  const start = newest === undefined ? 0 : newest.position + 1;
  const rows = files.map(({ key, rows: count, bytes, sha256 }, index) => ({
    key,
    rows: count,
    bytes,
    sha256,
    through,
    dataset_arn: datasetArn,
    position: start + index,
    import_job_arn: importJobArn,
    created_at: now,
  }));
  await transaction.insertInto('dataset_files').values(rows).execute();
}

/**
 * Puts files in the place of others that hold the same and more.
 *
 * @returns those that are in place now, and those whose place is gone, as an import has replaced all
 */
export async function exchangeDatasetFiles<Replacement extends { readonly key: string; readonly file: DatasetFile }>(
  transaction: Transaction<Tables>,
  datasetArn: string,
  replacements: readonly Replacement[],
): Promise<{ readonly placed: readonly Replacement[]; readonly late: readonly Replacement[] }> {
  const placed: Replacement[] = [];
  const late: Replacement[] = [];
  for (const replacement of replacements) {
    const { numUpdatedRows } = await transaction
      .updateTable('dataset_files')
      .set(replacement.file)
      .where('dataset_arn', '=', datasetArn)
      .where('key', '=', replacement.key)
      .executeTakeFirst();
    (numUpdatedRows === 1n ? placed : late).push(replacement);
  }
  return { placed, late };
}
