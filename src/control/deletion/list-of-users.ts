import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { partName } from '../../data/deletion/read-user-list.ts';
import { keepUserList } from '../../data/deletion/user-lists.ts';
import { fileIn, filePath, passingKey } from '../../data/encryption/file-path.ts';
import { readWhole } from '../../data/encryption/file-reading.ts';
import { asImportError, ImportError } from '../../data/import/import-error.ts';
import { findSources, type SourceFile } from '../../data/import/location.ts';
import type { Buckets } from '../../data/objects/object-store.ts';
import { runDeletionTask } from '../../learn/forgetting/run-deletion-task.ts';
import type { Progress } from '../../util/progress.ts';
import type { Context } from '../context.ts';
import { type Job, WorkFailed } from '../jobs/job.ts';
import type { DataDeletionJob } from './data-deletion-job-kind.ts';

/**
 * Reads whom the caller's files name, and keeps the list in the database.
 *
 * @throws WorkFailed, ImportError or TaskError with a sentence if the files are no such list, or may not be read
 */
export async function keepListOfUsers(
  context: Context,
  job: Job,
  deletion: DataDeletionJob,
  progress: Progress,
): Promise<void> {
  const { keys, workFolder } = context;
  const { dataLocation, roleArn } = deletion.document;
  const datasetGroupArn = deletion.parent ?? '';
  const sealing = await keys?.ofGroup(datasetGroupArn);
  const sources = await sourcesIn(context, context.bucketsFor({ roleArn, source: deletion }), dataLocation);
  const path = join(workFolder, `deletion-${job.id}-${job.attempt}`);
  const folder = filePath(path, sealing && passingKey());
  await mkdir(path, { recursive: true });
  try {
    await using copies = new AsyncDisposableStack();
    const files: { path: string; uri: string }[] = [];
    for (const { uri, open } of sources) files.push({ uri, path: copies.use(await open().catch(rethrow)).path });
    const { parts } = await runDeletionTask('listUsers', { files, folder }, progress);
    const read = async function* () {
      // Of an empty list there is a part, too: it says that there is a list.
      if (parts === 0) yield '[]';
      for (let part = 0; part < parts; part++) yield String(await readWhole(fileIn(folder, partName(part))));
    };
    await job.transaction((tx) => keepUserList(tx.db, { jobArn: deletion.arn, datasetGroupArn }, read(), sealing));
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

/** The files of a location: one, or all `.csv` files below a folder (spec datasets.md §9). */
async function sourcesIn({ settings }: Context, buckets: Buckets, location: string): Promise<readonly SourceFile[]> {
  const sources = await findSources(buckets, location, 'all').catch(rethrow);
  const isFolder = location.endsWith('/');
  const files = isFolder ? sources.filter(({ uri }) => /\.csv$/i.test(uri)) : sources;
  if (files.length === 0) throw new ImportError(`There is no file below ${location} whose name ends in .csv.`);
  const { deletionBytes } = settings.quotas;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes <= deletionBytes) return files;
  throw new WorkFailed(
    `The files at ${location} have ${bytes} bytes; a data deletion job takes no more than ${deletionBytes}.`,
  );
}

function rethrow(error: unknown): never {
  throw asImportError(error);
}
