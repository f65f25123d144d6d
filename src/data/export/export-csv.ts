import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Progress, subProgress } from '../../util/progress.ts';
import type { DatasetSchema } from '../dataset-schema.ts';
import { type DatasetType, idColumns } from '../dataset-types.ts';
import type { FilePath } from '../encryption/file-path.ts';
import { type DuckDb, openDuckDb } from '../engine/duckdb.ts';
import { isDiskFull } from '../import/import-error.ts';
import { type Buckets, ObjectStoreError } from '../objects/object-store.ts';
import { type DatasetStorage, type PinnedFile, pinSnapshot } from '../pinned-snapshot.ts';
import { pinDataset, streamedFiles } from '../records/pinned-dataset.ts';
import type { RecordLog } from '../records/record-log.ts';
import { CsvParts } from './csv-parts.ts';
import { exportFolder, type IngestionMode, partsName, surplusParts } from './export-location.ts';
import { anonymousEvents, exportedRows, newestRows } from './export-query.ts';

/** The types of datasets that can be exported (spec batch.md §7). */
type ExportableType = Exclude<DatasetType, 'ACTIONS' | 'ACTION_INTERACTIONS'>;

export const isExportable = (type: DatasetType): type is ExportableType =>
  type !== 'ACTIONS' && type !== 'ACTION_INTERACTIONS';

export type ExportRequest = DatasetStorage & {
  readonly records: RecordLog;
  readonly datasetArn: string;
  readonly schema: DatasetSchema;
  readonly type: ExportableType;
  readonly mode: IngestionMode;
  readonly buckets: Buckets;
  /** `s3://bucket/folder/`: where the parts go. */
  readonly location: string;
  /** A folder for intermediate files, which is made, and removed before the export ends. */
  readonly workFolder: string;
  /** Largest size of a part, unless a few thousand rows have more. */
  readonly partBytes?: number;
};

export type ExportResult = { readonly rows: number; readonly parts: number };

/** What DuckDB may hold; rows beyond it spill to the work folder. */
const memoryBytes = 2 ** 30;
const defaultPartBytes = 64 * 2 ** 20;

/** The table of the exported rows. */
const table = 'exported';

/**
 * Writes what a dataset holds as of now as CSV files with the columns of its schema: rows in the order in which they
 * came, each once. With `ALL`, of items and users with the same id the newest. The output of the same data is the same,
 * byte for byte.
 *
 * @throws ObjectStoreError of the user's bucket or of the store, what a database or a disk does, the signal's reason
 *   when it is aborted
 */
export async function exportCsv(request: ExportRequest, progress: Progress): Promise<ExportResult> {
  const { buckets, location, type, mode, schema, workFolder } = request;
  const folder = exportFolder(buckets, location);
  const name = partsName(type, mode);
  // A missing bucket or permission ends the job before the work begins.
  await surplusParts(folder, name, 0);
  try {
    await mkdir(workFolder, { recursive: true });
    const files = await pinFiles(request, progress.signal);
    using duckDb = await openDuckDb({ memoryBytes, temporaryFolder: join(workFolder, 'spilled'), files });
    progress.report(0.1, 'reading');
    const rows = await collectRows(duckDb, request, files, subProgress(progress, 0.1, 0.6));
    const { partBytes = defaultPartBytes } = request;
    const parts = new CsvParts({ duckDb, table, fields: schema.fields, folder, name, workFolder, partBytes });
    return { rows, parts: await parts.write(rows, subProgress(progress, 0.6, 1)) };
  } catch (error) {
    progress.signal.throwIfAborted();
    throw asExportError(error);
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

/** What an error means for the owner of the export, where its cause lies outside of this program. */
function asExportError(error: unknown): unknown {
  if (error instanceof ObjectStoreError && error.reason === 'forbidden') {
    const sentence = `Insufficient privileges for accessing data in Amazon S3. ${error.message}`;
    return new ObjectStoreError('forbidden', sentence, { cause: error });
  }
  if (error instanceof ObjectStoreError || !isDiskFull(error)) return error;
  const advice = 'The disk of the server is full: free some space and create the export job again';
  return new ObjectStoreError('full', `${advice} (${error.message.split('\n', 1)[0]}).`, { cause: error });
}

/** The dataset's files that hold the records, oldest first, with what is still in the log. */
async function pinFiles(request: ExportRequest, signal: AbortSignal): Promise<readonly PinnedFile[]> {
  const { mode, datasetArn, workFolder } = request;
  const folder = join(workFolder, 'pinned');
  if (mode === 'BULK') {
    return (await pinSnapshot(request, datasetArn, folder)).filter(({ through }) => through === null);
  }
  return (await pinDataset({ ...request, rows: mode === 'ALL' ? 'all' : 'streamed', folder, signal })).files;
}

/** @returns how many rows the table has */
async function collectRows(
  duckDb: DuckDb,
  request: ExportRequest,
  files: readonly PinnedFile[],
  { signal, report }: Progress,
): Promise<number> {
  const query = await queryOf(duckDb, request, files, signal);
  const onProgress = (fraction: number) => report(fraction, 'reading');
  await duckDb.run(`CREATE TABLE ${table} AS ${query}`, signal, onProgress);
  return await duckDb.count(`SELECT 1 FROM ${table}`, signal);
}

async function queryOf(
  duckDb: DuckDb,
  { type, mode, schema }: ExportRequest,
  files: readonly PinnedFile[],
  signal: AbortSignal,
): Promise<string> {
  if (mode === 'ALL' && type !== 'INTERACTIONS') {
    return newestRows({ schema, files, attributes: false }, idColumns[type]);
  }
  const attributes = type === 'INTERACTIONS' && (await hasAnonymous(duckDb, streamedFiles(files), schema, signal));
  const query = exportedRows({ schema, files, attributes });
  // Most data has no row twice, and then needs no table of all rows to find them.
  const [repetitions = 0] = await duckDb.numbers(query.repetitions, signal);
  return repetitions === 0 ? query.all : query.distinct;
}

async function hasAnonymous(
  duckDb: DuckDb,
  files: readonly FilePath[],
  schema: DatasetSchema,
  signal: AbortSignal,
): Promise<boolean> {
  if (files.length === 0) return false;
  const [events = 0] = await duckDb.numbers(anonymousEvents(files, schema), signal);
  return events > 0;
}
