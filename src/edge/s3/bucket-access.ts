import type { Bucket } from '../../data/objects/folder-buckets/folder-buckets.ts';
import type { S3Call } from './s3-call.ts';

/** Whether a bucket is of the caller's account. Without verified signatures there is one account. */
export const isOwn = (bucket: Bucket, { caller, folderAccount }: Pick<S3Call, 'caller' | 'folderAccount'>): boolean =>
  caller.principal === undefined || caller.principal.account === (bucket.account ?? folderAccount);

/** The bucket that a call is about; whether it may be used was asked before. @throws BucketError `bucket-missing` */
export const bucketOf = (call: Pick<S3Call, 'buckets'>, name: string | undefined): Promise<Bucket> =>
  call.buckets.find(name ?? '');
