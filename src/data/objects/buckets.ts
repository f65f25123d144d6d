import { join, resolve } from 'node:path';
import { Confinement } from './confinement.ts';
import { FolderStore } from './folder-store.ts';
import type { Buckets, ObjectStore } from './object-store.ts';
import { checkBucketName } from './s3-uri.ts';

export { parseS3Uri } from './s3-uri.ts';

export type BucketsLocation =
  | { readonly folder: string }
  | {
      readonly endpoint: string;
      /** Where local copies are downloaded to. */
      readonly cacheFolder: string;
    };

/** The user's buckets: each a folder in `folder`, or a bucket of the S3 server at `endpoint`. */
export async function openBuckets(location: BucketsLocation): Promise<Buckets> {
  const open = 'folder' in location ? folderBuckets(resolve(location.folder)) : await s3Buckets(location);
  const opened = new Map<string, ObjectStore>();
  return {
    bucket(name) {
      checkBucketName(name);
      const store = opened.get(name) ?? open(name);
      opened.set(name, store);
      return store;
    },
  };
}

function folderBuckets(folder: string): (name: string) => ObjectStore {
  return (name) => {
    const root = join(folder, name);
    // Tenants read it: it does not say where the server's folders are.
    const rootMissing = `The bucket ${name} does not exist: there is no folder ${name} in the folder of buckets.`;
    return new FolderStore(root, { object: (key) => `s3://${name}/${key}`, rootMissing }, new Confinement(root));
  };
}

/** A server without S3 does without the 30 MiB of its client. */
async function s3Buckets({
  endpoint,
  cacheFolder,
}: {
  endpoint: string;
  cacheFolder: string;
}): Promise<(name: string) => ObjectStore> {
  const { S3Store, s3Client } = await import('./s3-store.ts');
  const client = s3Client(endpoint);
  return (bucket) => new S3Store(client, { bucket, prefix: '', cacheFolder });
}
