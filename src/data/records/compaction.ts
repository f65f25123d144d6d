import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type FilePath, filePath, pathOf } from '../encryption/file-path.ts';
import { type GroupKey, objectKey } from '../encryption/group-key.ts';
import { type DuckDb, openDuckDb, sqlString } from '../engine/duckdb.ts';
import { encryptionOption } from '../engine/parquet-encryption.ts';
import { parquetFile } from '../engine/parquet-files.ts';
import { parquetFormat } from '../import/fast-copy.ts';
import { partOf } from '../import/import-csv.ts';
import { isDiskFull } from '../import/import-error.ts';
import { type Compaction, type DatasetFile, expectedOf, type ListedFile } from '../manifest.ts';
import { checksumOf, intactFile } from '../objects/checksums.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { LayoutId } from './layouts.ts';
import type { RecordLog } from './record-log.ts';
import { FileLines, type SliceLines, TableLines } from './slice-lines.ts';

export type CompactionRequest = {
  readonly log: RecordLog;
  readonly store: ObjectStore;
  readonly datasetArn: string;
  /** The records after this position of the log … */
  readonly after: number;
  /** … and up to this one. */
  readonly through: number;
  /** Files of the dataset that are read again and written together with the records, oldest first. */
  readonly absorbed: readonly ListedFile[];
  /** A prefix in the store that nothing else uses, ending in `/`. */
  readonly targetPrefix: string;
  /** Seals the files: `targetPrefix` says so, too. */
  readonly sealing?: GroupKey | undefined;
  /** A folder for intermediate files, which is made, and removed by the caller. */
  readonly workFolder: string;
  readonly signal: AbortSignal;
};

/** Lines that become one Parquet file: while DuckDB works on one slice, the next is read. */
type Slice = { readonly lines: SliceLines; readonly layout: LayoutId; rows: number; bytes: number };

const sliceBytes = 128 * 2 ** 20;
const memoryBytes = 2 ** 30;

/**
 * Writes records of the log as Parquet files of the store, in the log's order. Nobody sees them until a manifest names
 * them.
 *
 * @returns undefined if there are no records.
 * @throws ObjectStoreError if a file cannot be stored, the signal's reason when it is aborted.
 */
export async function compactRecords(request: CompactionRequest): Promise<Compaction | undefined> {
  const { after, through, absorbed, workFolder } = request;
  await mkdir(workFolder, { recursive: true });
  using duckDb = await openDuckDb({ memoryBytes, temporaryFolder: join(workFolder, 'spilled') });
  const files: DatasetFile[] = [];
  let converting: Promise<unknown> = Promise.resolve();
  for await (const slice of slicesOf(request, duckDb)) {
    await converting;
    const earlier = files.length === 0 && absorbed.length > 0 ? absorbed : [];
    converting = convert(request, duckDb, slice, earlier, files);
    converting.catch(() => {}); // thrown where it is awaited
    // The lines of the next slice go to the same DuckDB.
    if (request.sealing) await converting;
  }
  await converting;
  if (files.length === 0) return undefined;
  return { after, through, absorbed: absorbed.map(({ key }) => key), files };
}

/**
 * The newest of a dataset's files that had better be written again together with `rows` more records: those that are no
 * larger than what comes after them (the logarithmic method, Bentley and Saxe 1980), so that a dataset has few files
 * and a record is seldom rewritten.
 *
 * @param watermarks positions of the log that must lie between files: those of trainings
 */
export function filesToAbsorb(files: readonly ListedFile[], rows: number, watermarks: readonly number[]): ListedFile[] {
  const absorbed: ListedFile[] = [];
  let total = Math.min(rows, largestMerge);
  for (const file of files.toReversed()) {
    const { through } = file;
    if (through === null || file.rows > total || !keepsWatermarks([file], watermarks)) break;
    absorbed.unshift(file);
    total = Math.min(total + file.rows, largestMerge);
  }
  return absorbed;
}

/** Whether files may be written together with what comes after them. */
export const keepsWatermarks = (absorbed: readonly ListedFile[], watermarks: readonly number[]): boolean =>
  absorbed.every(({ through }) => through !== null && watermarks.every((watermark) => watermark < through));

/** Files with more rows are left as they are. */
const largestMerge = 2_000_000;

async function* slicesOf(request: CompactionRequest, duckDb: DuckDb) {
  const { log, datasetArn, after, through, signal } = request;
  let slice: Slice | undefined;
  let count = 0;
  for await (const page of log.read(datasetArn, after, through)) {
    signal.throwIfAborted();
    let from = 0;
    for (const [index, { layout }] of page.entries()) {
      if (slice && (slice.layout !== layout || slice.bytes >= sliceBytes)) {
        await append(slice, page.slice(from, index));
        from = index;
        yield slice;
        slice = undefined;
      }
      slice ??= { lines: await linesFor(request, duckDb, layout, count++), layout, rows: 0, bytes: 0 };
    }
    if (slice) await append(slice, page.slice(from));
  }
  if (slice) yield slice;
}

/** Lines of a sealed dataset go into a table, others into a CSV file. */
async function linesFor({ log, workFolder, sealing }: CompactionRequest, duckDb: DuckDb, layout: LayoutId, n: number) {
  const columns = await log.layouts.get(layout);
  return sealing ? await TableLines.create(duckDb, columns) : new FileLines(join(workFolder, `${n}.csv`), columns);
}

async function append(slice: Slice, entries: readonly { readonly body: string; readonly records: number }[]) {
  if (entries.length === 0) return;
  slice.bytes += await slice.lines.add(entries.map(({ body }) => body));
  slice.rows += entries.reduce((sum, { records }) => sum + records, 0);
}

async function convert(
  { store, targetPrefix, workFolder, sealing, signal }: CompactionRequest,
  duckDb: DuckDb,
  slice: Slice,
  absorbed: readonly ListedFile[],
  files: DatasetFile[],
): Promise<void> {
  const index = files.length;
  const key = partOf(targetPrefix, index);
  const target = filePath(join(workFolder, `${index}.parquet`), sealing && objectKey(sealing, key));
  await using copies = new AsyncDisposableStack();
  const earlier: FilePath[] = [];
  for (const file of absorbed) earlier.push(copies.use(await intactFile(store, file.key, expectedOf(file))));
  await duckDb.use([...earlier, target]);
  const rows = slice.rows + absorbed.reduce((sum, file) => sum + file.rows, 0);
  const copy = async (parallel: boolean): Promise<boolean> => {
    try {
      const lines = await slice.lines.query(parallel);
      const [result] = await duckDb.run(copyStatement(lines, earlier, target), signal);
      return Number(result?.Count) === rows;
    } catch (error) {
      if (signal.aborted || isDiskFull(error) || !parallel) throw error;
      return false;
    }
  };
  // DuckDB's parallel reader can take a line break within quotes for the end of a line; read by one thread, it cannot.
  if (!(await copy(true)) && !(await copy(false))) throw new Error(`Records of ${key} were not read line by line.`);
  await slice.lines[Symbol.asyncDispose]();
  files.push({ key, rows, ...(await checksumOf(pathOf(target))) });
  await store.adopt(key, pathOf(target));
}

function copyStatement(lines: string, earlier: readonly FilePath[], target: FilePath): string {
  const before = earlier.map((file) => `SELECT * FROM ${parquetFile(file)} UNION ALL BY NAME `);
  return `COPY (${before.join('')}${lines}) TO ${sqlString(pathOf(target))} (
    FORMAT parquet, DICTIONARY_SIZE_LIMIT 1000, WRITE_BLOOM_FILTER false,
    KV_METADATA {'openpersonalize.format': '${parquetFormat}'}${encryptionOption(target)})`;
}
