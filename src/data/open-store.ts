import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileProblem } from './file-problem.ts';
import { FolderStore } from './folder-store.ts';
import type { ObjectStore } from './object-store.ts';
import { S3Store, s3Client } from './s3-store.ts';

export type StoreLocation =
  | { readonly folder: string }
  | {
      readonly bucket: string;
      readonly prefix: string;
      readonly endpoint?: string;
      /** Where local copies are downloaded to. */
      readonly cacheFolder: string;
    };

/**
 * Opens the server's own object store: a folder, made where it is missing, or a place in a bucket that exists.
 * Unfinished files of processes that are gone are removed. Throws ObjectStoreError.
 */
export async function openStore(location: StoreLocation): Promise<ObjectStore> {
  if ('folder' in location) return await openFolder(resolve(location.folder));
  const { bucket, prefix, endpoint, cacheFolder } = location;
  const root = prefix.replace(/^\/+|\/+$/g, '');
  const store = new S3Store(s3Client(endpoint), { bucket, prefix: root && `${root}/`, cacheFolder });
  await store.checkBucket();
  await store.sweep();
  return store;
}

async function openFolder(folder: string): Promise<ObjectStore> {
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw fileProblem(error, folder) ?? error;
  });
  const rootMissing = `The store folder ${folder} does not exist any more: put it back, or restart the server for an empty one.`;
  const store = new FolderStore(folder, { object: (key) => join(folder, key), rootMissing });
  await store.sweep();
  return store;
}
