import { copyFile, link, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from './database/database.ts';
import { datasetFiles, expectedOf, type ListedFile } from './manifest.ts';
import { intactFile } from './objects/checksums.ts';
import { type ObjectStore, ObjectStoreError } from './objects/object-store.ts';

/** A file of a dataset under a name that nobody else removes. */
export type PinnedFile = Pick<ListedFile, 'through'> & { readonly path: string };

export type DatasetSource = { readonly database: Database; readonly store: ObjectStore };

const maxAttempts = 3;

/**
 * The files of a dataset, in order, as files of `folder`, which an import or a compaction that replaces them meanwhile
 * leaves alone. The caller removes the folder.
 *
 * @throws ObjectStoreError, of the reason `damaged` for a file that is not as it was written
 */
export async function pinSnapshot(
  source: DatasetSource,
  datasetArn: string,
  folder: string,
  attempt = 1,
): Promise<PinnedFile[]> {
  try {
    return await linkFiles(source, datasetArn, join(folder, String(attempt)));
  } catch (error) {
    // An import or a compaction has just replaced a file that was about to be taken: the manifest names others now.
    const replaced = error instanceof ObjectStoreError && error.reason === 'missing';
    if (!replaced || attempt >= maxAttempts) throw error;
    return await pinSnapshot(source, datasetArn, folder, attempt + 1);
  }
}

async function linkFiles(
  { database, store }: DatasetSource,
  datasetArn: string,
  folder: string,
): Promise<PinnedFile[]> {
  await mkdir(folder, { recursive: true });
  const taken: PinnedFile[] = [];
  for (const file of await datasetFiles(database, datasetArn)) {
    await using copy = await intactFile(store, file.key, expectedOf(file));
    const path = join(folder, `${taken.length}.parquet`);
    // A second name for the same file where the disk is the same, a copy where it is not.
    await link(copy.path, path).catch(() => copyFile(copy.path, path));
    taken.push({ path, through: file.through });
  }
  return taken;
}
