import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { objectKey, sealedPrefix } from '../encryption/group-key.ts';
import { compactedThrough, lastImport } from '../manifest.ts';
import { openStore } from '../objects/open-store.ts';
import { type DatasetStorage, type PinnedFile, pinSnapshot } from '../pinned-snapshot.ts';
import { compactRecords } from './compaction.ts';
import type { RecordLog } from './record-log.ts';

export type PinRequest = DatasetStorage & {
  readonly records: RecordLog;
  readonly datasetArn: string;
  /** Imported files and records of the log, or the latter alone. */
  readonly rows: 'all' | 'streamed';
  /** Records of the log up to this position, and those that files have beyond it; without, all there are. */
  readonly through?: number;
  /** The files go here; the caller removes the folder. */
  readonly folder: string;
  readonly signal: AbortSignal;
};

/** A dataset as Parquet files on this machine, oldest first. */
export type PinnedDataset = {
  readonly files: readonly PinnedFile[];
  /** The files hold the records up to this position of the log: subscribe first, and skip entries up to it. */
  readonly watermark: number;
  /** When the newest of the imported files came, in milliseconds since the epoch; undefined where there is none. */
  readonly importedAt: number | undefined;
};

/**
 * What a dataset holds as of now, with what is still in the record log. A training's watermark (`recordsThrough` of its
 * version) never lies within a file, so the records since a training are those of the files with a larger `through`.
 *
 * @throws what a store, a database or a disk does, the signal's reason when it is aborted
 */
export async function pinDataset({ rows, ...request }: PinRequest): Promise<PinnedDataset> {
  const { records, datasetArn, folder, signal } = request;
  const pinned = await pinSnapshot(request, datasetArn, folder, rows);
  const importedAt = rows === 'all' ? await lastImport(request.database, datasetArn) : undefined;
  const after = compactedThrough(pinned);
  const through = Math.min(await records.lastPosition(), Math.max(request.through ?? Number.POSITIVE_INFINITY, after));
  const tail = join(folder, 'tail');
  const sealing = await records.keys?.ofDataset(datasetArn);
  const targetPrefix = sealedPrefix(sealing ? `${randomUUID()}/` : '', sealing);
  const rest = await compactRecords({
    log: records,
    datasetArn,
    after,
    through,
    absorbed: [],
    signal,
    store: await openStore({ folder: tail }),
    targetPrefix,
    sealing,
    workFolder: join(folder, 'work'),
  });
  const tailFiles = (rest?.files ?? []).map(({ key }) => {
    return { path: join(tail, key), key: sealing && objectKey(sealing, key), through };
  });
  return { files: [...pinned, ...tailFiles], watermark: Math.max(after, through), importedAt };
}

/** A file with records of the log: those beyond the file before it, and up to `through`. */
export type StreamedFile = PinnedFile & { readonly through: number };

/** Of a dataset's files those with records of the log. */
export const streamedFiles = (files: readonly PinnedFile[]): StreamedFile[] =>
  files.flatMap(({ through, ...file }) => (through === null ? [] : [{ ...file, through }]));
