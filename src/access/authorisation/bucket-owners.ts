import type { FolderBuckets } from '../../data/objects/folder-buckets/folder-buckets.ts';
import { MalformedPolicyError } from '../policies/malformed-policy.ts';
import type { Policy } from '../policies/policy.ts';
import { denyAll, resourcePolicy } from '../policies/resource-policy.ts';

/** Whose a bucket is, and its policy as a document. */
export type BucketOwner = { readonly account: string; readonly policy: string | undefined };

/** Undefined for a name that no bucket has, and where the buckets are on a server of S3 that knows their owners. */
export type BucketOwners = (bucket: string) => Promise<BucketOwner | undefined>;

/** @param folderAccount the account of buckets that a person has made as folders */
export const bucketOwners =
  (buckets: FolderBuckets, folderAccount: string): BucketOwners =>
  async (name) => {
    const record = await buckets.record(name);
    return record && { account: record.account ?? folderAccount, policy: record.documents.policy };
  };

/** A policy that this release cannot read denies everything: it may hold a Deny. */
export function bucketPolicy({ policy }: BucketOwner): Policy | undefined {
  try {
    return policy === undefined ? undefined : resourcePolicy(policy);
  } catch (error) {
    if (error instanceof MalformedPolicyError) return denyAll;
    throw error;
  }
}
