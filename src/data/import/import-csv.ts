import { randomUUID } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checksumOf } from '../checksums.ts';
import type { DatasetSchema } from '../dataset-schema.ts';
import type { DatasetFile } from '../datasets.ts';
import type { Buckets, ObjectStore } from '../object-store.ts';
import type { Watch } from '../watch.ts';
import { BadRows } from './bad-rows.ts';
import { type CsvFile, inspectCsv } from './csv-file.ts';
import { fastCopy } from './fast-copy.ts';
import { asImportError, ImportError } from './import-error.ts';
import { findSources, type Source } from './location.ts';
import { plainCheck } from './plain-check.ts';

export type ImportRequest = {
  readonly buckets: Buckets;
  /** Where the Parquet files go. */
  readonly store: ObjectStore;
  /** `s3://bucket/file.csv`, or `s3://bucket/folder/` for all files at the first level of it; plain or gzipped. */
  readonly location: string;
  readonly schema: DatasetSchema;
  /** What the keys of the files in the store begin with: a place that nothing else uses, ending in `/`. */
  readonly targetPrefix: string;
  /** A folder for intermediate files, which are removed before the import ends. */
  readonly workFolder: string;
};

/** A Parquet file on this machine, made of one CSV file. */
export type Converted = { readonly path: string; readonly rows: number };

/**
 * Imports CSV files: checks every row against the schema and writes them as Parquet into the store, one file each, in
 * order. DuckDB does it where it can; a file that it refuses is gone over row by row, to say what is wrong with it, or, if
 * nothing is, to write it down in a form that DuckDB takes.
 *
 * @returns the files, which no one sees until a manifest names them.
 * @throws ImportError, whose message is the job's failureReason; the signal's reason when it is aborted. Nothing is left
 *   behind in either case.
 */
export async function importCsv(request: ImportRequest, watch: Watch): Promise<DatasetFile[]> {
  const folder = join(request.workFolder, `import-${randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true });
    const sources = await findSources(request.buckets, request.location);
    const converted = await convertAll(sources, request.schema, folder, watch);
    watch.progress(0.99, 'storing');
    return await publish(converted, request);
  } catch (error) {
    watch.signal.throwIfAborted();
    throw asImportError(error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Checks CSV files and writes each as Parquet into `folder`, which exists and which the caller removes.
 *
 * @throws ImportError, as above.
 */
export async function convertAll(
  sources: readonly Source[],
  schema: DatasetSchema,
  folder: string,
  watch: Watch,
): Promise<Converted[]> {
  const total = sources.reduce((sum, source) => sum + source.bytes, 0);
  const bad = new BadRows();
  const converted: Converted[] = [];
  let before = 0;
  for (const [index, source] of sources.entries()) {
    const step: Step = { schema, bad, signal: watch.signal, target: join(folder, `${index}.parquet`) };
    await using copy = await source.open();
    const file = await inspectCsv(copy.path, source.uri);
    checkHeader(file, schema);
    const done = await convert(file, step, (fraction, note) =>
      watch.progress((0.98 * (before + fraction * source.bytes)) / total, `${note} ${source.uri}`),
    );
    if (done !== undefined) converted.push(done);
    before += source.bytes;
  }
  if (bad.count > 0) throw new ImportError(bad.describe());
  return converted;
}

type Step = {
  readonly schema: DatasetSchema;
  readonly bad: BadRows;
  readonly signal: AbortSignal;
  readonly target: string;
};

/** @returns undefined for a file with bad rows, which `step.bad` then counts. */
async function convert(
  file: CsvFile,
  { schema, bad, signal, target }: Step,
  onProgress: (fraction: number, note: string) => void,
): Promise<Converted | undefined> {
  const rows = await fastCopy(file, schema, target, signal, (fraction) => onProgress(fraction, 'reading'));
  if (rows === 0) throw new ImportError(`${file.uri} has no data rows.`);
  if (rows !== undefined) return { path: target, rows };

  const cleanPath = `${target}.csv`;
  const { size } = await stat(file.path);
  await plainCheck(file, schema, bad, cleanPath, signal, (bytes) => onProgress(bytes / size, 'checking row by row'));
  if (bad.count > 0) return undefined;

  const header = schema.fields.map((field) => field.name);
  const clean: CsvFile = { path: cleanPath, uri: file.uri, gzipped: false, dialect: 'doubled', header };
  const cleanRows = await fastCopy(clean, schema, target, signal, () => {});
  if (cleanRows === undefined) throw new Error(`DuckDB refused ${cleanPath}, written from ${file.uri}.`);
  if (cleanRows === 0) throw new ImportError(`${file.uri} has no data rows.`);
  await rm(cleanPath);
  return { path: target, rows: cleanRows };
}

function checkHeader({ uri, header }: CsvFile, schema: DatasetSchema): void {
  const names = schema.fields.map((field) => field.name);
  const missing = names.filter((name) => !header.includes(name));
  if (missing.length > 0) {
    const near = missing.flatMap((name) => header.filter((cell) => cell.trim().toUpperCase() === name.toUpperCase()));
    const hint =
      near.length > 0
        ? `, and ${near.map((cell) => JSON.stringify(cell)).join(', ')} must be spelled as in the schema`
        : '';
    const found = header.slice(0, 50).join(',').slice(0, 500);
    throw new ImportError(
      `Input CSV is missing the following columns:[${missing.join(', ')}]. The first line of ${uri} is ${JSON.stringify(found)}${hint}.`,
    );
  }
  const twice = names.find((name) => header.indexOf(name) !== header.lastIndexOf(name));
  if (twice !== undefined) throw new ImportError(`The first line of ${uri} names the column ${twice} more than once.`);
}

/** Moves all files into the store, or none. */
async function publish(
  converted: readonly Converted[],
  { store, targetPrefix }: ImportRequest,
): Promise<DatasetFile[]> {
  const files: DatasetFile[] = [];
  try {
    for (const [index, { path, rows }] of converted.entries()) {
      const key = `${targetPrefix}part-${String(index).padStart(5, '0')}.parquet`;
      const file = { key, rows, ...(await checksumOf(path)) };
      files.push(file);
      await store.adopt(file.key, path);
    }
    return files;
  } catch (error) {
    // What cannot be removed now is swept at the next start, as no manifest names it.
    await store.removeAll(targetPrefix).catch(() => {});
    throw error;
  }
}
