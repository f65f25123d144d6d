import { copyFile, link, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from './database/database.ts';
import { datasetFiles, expectedOf, type ListedFile } from './manifest.ts';
import { intactFile } from './objects/checksums.ts';
import { type ObjectStore, ObjectStoreError } from './objects/object-store.ts';

/** A file of a dataset under a name that nobody else removes, with its key if it is sealed. */
export type PinnedFile = Pick<ListedFile, 'through'> & { readonly path: string; readonly key?: string | undefined };

/** Where datasets are kept. */
export type DatasetStorage = { readonly database: Database; readonly store: ObjectStore };

const maxAttempts = 3;

/**
 * The files of a dataset, in order, as files of `folder`, which an import or a compaction that replaces them meanwhile
 * leaves alone. The caller removes the folder.
 *
 * @param rows whether the files that imports have brought are wanted, too
 * @throws ObjectStoreError, of the reason `damaged` for a file that is not as it was written
 */
export async function pinSnapshot(
  storage: DatasetStorage,
  datasetArn: string,
  folder: string,
  rows: 'all' | 'streamed' = 'all',
): Promise<PinnedFile[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      const files = await datasetFiles(storage.database, datasetArn);
      const wanted = rows === 'all' ? files : files.filter(({ through }) => through !== null);
      return await linkFiles(storage.store, wanted, join(folder, String(attempt)));
    } catch (error) {
      // An import or a compaction has just replaced a file that was about to be pinned: the manifest names others now.
      const isReplaced = error instanceof ObjectStoreError && error.reason === 'missing';
      if (!isReplaced || attempt >= maxAttempts) throw error;
    }
  }
}

async function linkFiles(store: ObjectStore, files: readonly ListedFile[], folder: string): Promise<PinnedFile[]> {
  await mkdir(folder, { recursive: true });
  const pinned: PinnedFile[] = [];
  for (const file of files) {
    await using copy = await intactFile(store, file.key, expectedOf(file));
    const path = join(folder, `${pinned.length}.parquet`);
    // A second name for the same file where the disk is the same, a copy where it is not.
    await link(copy.path, path).catch(() => copyFile(copy.path, path));
    pinned.push({ path, key: copy.key, through: file.through });
  }
  return pinned;
}
