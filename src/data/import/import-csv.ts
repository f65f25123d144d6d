import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '../../util/progress.ts';
import { type GroupKey, objectKey } from '../encryption/group-key.ts';
import type { DatasetFile } from '../manifest.ts';
import { checksumOf } from '../objects/checksums.ts';
import type { Buckets, ObjectStore } from '../objects/object-store.ts';
import type { ImportReport } from './bad-rows.ts';
import { type ConvertedFile, convertAll, type Table } from './conversion.ts';
import { asImportError } from './import-error.ts';
import { findSources } from './location.ts';

export type ImportRequest = Table & {
  readonly buckets: Buckets;
  /** Where the Parquet files go. */
  readonly store: ObjectStore;
  /** `s3://bucket/file.csv`, or `s3://bucket/folder/` for all files at the first level of it; plain or gzipped. */
  readonly location: string;
  /** What the keys of the files in the store begin with: a place that nothing else uses, ending in `/`. */
  readonly targetPrefix: string;
  /** Seals the files: `targetPrefix` says so, too. */
  readonly sealing?: GroupKey | undefined;
  /** A folder for intermediate files, which are removed before the import ends. */
  readonly workFolder: string;
};

/** What has come of an import: files that no one sees until a manifest names them, and what their rows were like. */
export type ImportResult = { readonly files: DatasetFile[]; readonly report: ImportReport };

/**
 * Imports CSV files: checks every row against the schema and writes them as Parquet into the store, in order, small
 * files together. DuckDB does it where it can; what it refuses is gone over row by row, to say what is wrong with it,
 * and to write down what is not in a form that DuckDB takes.
 *
 * @throws ImportError, whose message is the job's failureReason; the signal's reason when it is aborted. Nothing is
 *   left behind in either case.
 */
export async function importCsv(request: ImportRequest, progress: Progress): Promise<ImportResult> {
  const folder = join(request.workFolder, `import-${randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true });
    const sources = await findSources(request.buckets, request.location);
    const { files, report } = await convertAll(
      sources,
      { ...request, keyOf: (index) => keyOfPart(request, index) },
      folder,
      progress,
    );
    progress.report(0.99, 'storing');
    return { files: await publish(files, request), report };
  } catch (error) {
    progress.signal.throwIfAborted();
    throw asImportError(error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The name of the nth object of a dataset below a prefix. */
export const partOf = (prefix: string, index: number): string =>
  `${prefix}part-${String(index).padStart(5, '0')}.parquet`;

const keyOfPart = ({ targetPrefix, sealing }: ImportRequest, index: number): string | undefined =>
  sealing && objectKey(sealing, partOf(targetPrefix, index));

/** Moves all files into the store, or none. */
async function publish(
  converted: readonly ConvertedFile[],
  { store, targetPrefix }: ImportRequest,
): Promise<DatasetFile[]> {
  const files: DatasetFile[] = [];
  try {
    for (const [index, { path, rows }] of converted.entries()) {
      const key = partOf(targetPrefix, index);
      const file = { key, rows, ...(await checksumOf(path)) };
      files.push(file);
      await store.adopt(file.key, path);
    }
    return files;
  } catch (error) {
    // What cannot be removed now is removed later, as no manifest names it.
    await store.removeAll(targetPrefix).catch(() => {});
    throw error;
  }
}
