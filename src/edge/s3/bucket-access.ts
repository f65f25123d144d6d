import type { Bucket } from '../../data/objects/folder-buckets/folder-buckets.ts';
import type { S3Call } from './s3-call.ts';
import { S3Error } from './s3-error.ts';

/** Whether a bucket is of the caller's account. Without verified signatures there is one account. */
export const isOwn = (bucket: Bucket, { caller, folderAccount }: Pick<S3Call, 'caller' | 'folderAccount'>): boolean =>
  caller.principal === undefined || caller.principal.account === (bucket.account ?? folderAccount);

/** The bucket that a call is about. @throws BucketError `bucket-missing`; S3Error AccessDenied for another account's */
export async function bucketOf(
  call: Pick<S3Call, 'buckets' | 'caller' | 'folderAccount'>,
  name: string | undefined,
): Promise<Bucket> {
  const bucket = await call.buckets.find(name ?? '');
  if (isOwn(bucket, call)) return bucket;
  throw new S3Error('AccessDenied', 'Access Denied');
}
