import { ObjectStoreError } from './object-store.ts';

/** A place in a bucket; `key` may be empty, or end in `/` for what lies below. */
export type S3Place = { readonly bucket: string; readonly key: string };

/** Parts of `s3://bucket/key`. Throws ObjectStoreError `invalid-key` for anything else. */
export function parseS3Uri(uri: string): S3Place {
  if (/^https?:/i.test(uri)) {
    throw new ObjectStoreError('invalid-key', `${uri} is a web address: write the location as s3://bucket/key.`);
  }
  const [, bucket, key = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(uri) ?? [];
  if (bucket === undefined) {
    throw new ObjectStoreError('invalid-key', `${JSON.stringify(uri)} is not a location of the form s3://bucket/key.`);
  }
  checkBucketName(bucket);
  return { bucket, key };
}

/** Throws ObjectStoreError `invalid-key` unless S3's rules allow the name, which also makes it the name of a folder. */
export function checkBucketName(bucket: string): void {
  if (isBucketName(bucket)) return;
  throw new ObjectStoreError(
    'invalid-key',
    `${JSON.stringify(bucket)} is not the name of a bucket: 3 to 63 lower-case letters, digits, "." and "-".`,
  );
}

export const isBucketName = (name: string): boolean =>
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..');
