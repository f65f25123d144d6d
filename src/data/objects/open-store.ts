import { access, constants } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileProblem } from './file-problem.ts';
import { FolderStore } from './folder-store.ts';
import { makeFolder } from './make-folder.ts';
import type { ObjectStore } from './object-store.ts';

export type StoreLocation =
  | { readonly folder: string }
  | {
      readonly bucket: string;
      readonly prefix: string;
      readonly endpoint?: string;
      /** Where local copies are downloaded to. */
      readonly cacheFolder: string;
    };

/** A store that can be looked at before anything is changed. */
export type FoundStore = {
  readonly store: ObjectStore;
  /** As a person writes it. */
  readonly location: string;
  /** Makes the folder where it is missing, and removes unfinished files of processes that are gone. */
  prepare(): Promise<void>;
};

/**
 * Finds the store at a location; a folder may be missing, a bucket may not. Changes nothing. Throws ObjectStoreError.
 */
export async function findStore(location: StoreLocation): Promise<FoundStore> {
  if ('folder' in location) return findFolder(resolve(location.folder));
  const { S3Store, s3Client } = await import('./s3-store.ts');
  const { bucket, prefix, endpoint, cacheFolder } = location;
  const name = prefix.replace(/^\/+|\/+$/g, '');
  const root = name && `${name}/`;
  const store = new S3Store(s3Client(endpoint), { bucket, prefix: root, cacheFolder });
  await store.checkBucket();
  return { store, location: `s3://${bucket}/${root}`, prepare: () => store.sweep() };
}

/** Opens a store that is this server's for certain. Throws ObjectStoreError. */
export async function openStore(location: StoreLocation): Promise<ObjectStore> {
  const { store, prepare } = await findStore(location);
  await prepare();
  return store;
}

function findFolder(folder: string): FoundStore {
  const rootMissing = `There is no store folder ${folder}: put it back, or mount its disk.`;
  const store = new FolderStore(folder, { object: (key) => join(folder, key), rootMissing });
  return {
    store,
    location: folder,
    async prepare() {
      await makeFolder(folder)
        .then(() => access(folder, constants.W_OK))
        .catch((error) => {
          throw fileProblem(error, folder) ?? error;
        });
      await store.sweep();
    },
  };
}
