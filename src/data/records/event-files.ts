import { join } from 'node:path';
import { compactedThrough } from '../manifest.ts';
import { openStore } from '../objects/open-store.ts';
import { type DatasetSource, type PinnedFile, pinSnapshot } from '../pinned-snapshot.ts';
import { compactRecords } from './compaction.ts';
import type { RecordLog } from './record-log.ts';

export type EventFilesRequest = DatasetSource & {
  readonly log: RecordLog;
  readonly datasetArn: string;
  /** The files go here; the caller removes the folder. */
  readonly folder: string;
  readonly signal: AbortSignal;
};

/** A file with the events whose place in the log is after the one before it and at or before `through`. */
export type EventFile = { readonly path: string; readonly through: number };

/**
 * All events of an Interactions dataset that came one by one, as Parquet files on this machine, oldest first: those of
 * the dataset, and what the log holds beyond them. The watermark of a training never lies
 * within a file, so that the events since a training are those of the files with a larger `through`. What comes later
 * is read from the log (`RecordLog.subscribe`): subscribe first, and leave out entries whose position is not beyond the
 * last file's.
 */
export async function pinEventFiles(request: EventFilesRequest): Promise<EventFile[]> {
  const taken = await takeAllFiles(request);
  return taken.flatMap(({ path, through }) => (through === null ? [] : [{ path, through }]));
}

/**
 * The same for any dataset, everything in the order in which it came: also what was imported, whose `through` is null.
 */
export async function takeAllFiles(request: EventFilesRequest): Promise<PinnedFile[]> {
  const { log, datasetArn, folder, signal } = request;
  const taken = await pinSnapshot(request, datasetArn, folder);
  const after = compactedThrough(taken);
  const through = await log.lastPosition();
  const tail = join(folder, 'tail');
  const rest = await compactRecords({
    ...{ log, datasetArn, after, through, absorbed: [], signal },
    ...{ store: await openStore({ folder: tail }), targetPrefix: '', workFolder: join(folder, 'work') },
  });
  return [...taken, ...(rest?.files ?? []).map(({ key }) => ({ path: join(tail, key), through }))];
}
