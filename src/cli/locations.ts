import { join } from 'node:path';
import type { DatabaseLocation } from '../data/database/database.ts';
import { databaseName, keyName } from '../data/home/home-folder.ts';
import type { BucketsLocation } from '../data/objects/buckets.ts';
import type { StoreLocation } from '../data/objects/open-store.ts';
import type { LocationOptions } from './options/location-options.ts';

export const databaseLocation = ({ home, database }: LocationOptions): DatabaseLocation =>
  database === undefined ? { file: join(home, databaseName) } : { url: database };

export const keyLocation = ({ home, keyFile = join(home, keyName) }: { home: string; keyFile?: string | undefined }) =>
  keyFile;

/** Where the server's own objects are: a folder, or `s3://bucket/prefix`. */
export const storeLocation = ({ home, store = join(home, 'store'), s3Endpoint }: LocationOptions): StoreLocation =>
  locationOf(store, { cacheFolder: join(home, 'cache', 'store'), s3Endpoint });

/** @param place a folder, or `s3://bucket/prefix` */
export function locationOf(
  place: string,
  { cacheFolder, s3Endpoint }: { readonly cacheFolder: string; readonly s3Endpoint?: string | undefined },
): StoreLocation {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(place) ?? [];
  if (bucket === undefined) return { folder: place };
  return { bucket, prefix, cacheFolder, ...(s3Endpoint !== undefined && { endpoint: s3Endpoint }) };
}

export const bucketsLocation = ({ home, buckets, s3Endpoint }: LocationOptions): BucketsLocation =>
  s3Endpoint === undefined
    ? { folder: buckets ?? join(home, 'buckets') }
    : { endpoint: s3Endpoint, cacheFolder: join(home, 'cache', 'buckets') };

/** The records of calls, of all servers of a home. */
export const auditFolder = (home: string): string => join(home, 'audit');
