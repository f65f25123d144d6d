import { invalidInput } from '../../contract/errors.ts';
import type { Buckets, LocalCopy, ObjectStore } from '../objects/object-store.ts';
import { ObjectStoreError } from '../objects/object-store.ts';
import { parseS3Uri } from '../objects/s3-uri.ts';
import { ImportError } from './import-error.ts';

/** One file to import. `uri` is its name in messages. */
export type SourceFile = { readonly uri: string; readonly bytes: number; readonly open: () => Promise<LocalCopy> };

/** @throws ServiceError InvalidInputException unless `uri` has the form of a file or folder in a bucket. */
export function checkDataLocation(uri: string): void {
  try {
    parseS3Uri(uri);
  } catch (error) {
    if (error instanceof ObjectStoreError) throw invalidInput('Invalid Data location.');
    throw error;
  }
  if (!/^s3:\/\/[^/]+\//.test(uri)) throw invalidInput('Invalid Data location.');
}

/**
 * The files that a data location stands for: one, or with a `/` at the end all at the first level of that folder.
 *
 * @param depth whether those of folders in it are meant, too
 * @throws ImportError if there are none, ObjectStoreError if the store does not tell.
 */
export async function findSources(
  buckets: Buckets,
  location: string,
  depth: 'first level' | 'all' = 'first level',
): Promise<SourceFile[]> {
  const { bucket, key } = parseS3Uri(location);
  const store = buckets.bucket(bucket);
  const source = (object: { key: string; bytes: number }): SourceFile => ({
    uri: `s3://${bucket}/${object.key}`,
    bytes: object.bytes,
    open: () => store.localFile(object.key),
  });
  if (key === '' || key.endsWith('/')) {
    const sources: SourceFile[] = [];
    for await (const object of store.list(key, { shallow: depth === 'first level' })) {
      if (!isMark(object.key)) sources.push(source(object));
    }
    if (sources.length === 0)
      throw new ImportError(`There is no file ${depth === 'all' ? 'below' : 'at the first level of'} ${location}.`);
    return sources;
  }
  const object = await store.head(key);
  if (object !== undefined) return [source(object)];
  const hint = (await isFolder(store, key)) ? ` To import the files of a folder, write ${location}/.` : '';
  throw new ImportError(`There is no object ${location}.${hint}`);
}

/**
 * What tools leave beside data: a key that ends in `/` for a folder, and names such as `_SUCCESS` and `.part-0.crc`,
 * which Hadoop and Spark leave out, too.
 */
const isMark = (key: string) => /(^|\/)[_.][^/]*$|\/$/.test(key);

async function isFolder(store: ObjectStore, key: string): Promise<boolean> {
  for await (const _ of store.list(`${key}/`)) return true;
  return false;
}
