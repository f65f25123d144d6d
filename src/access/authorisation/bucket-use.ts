import type { Database } from '../../data/database/database.ts';
import { contextOf } from '../policies/context.ts';
import { denialText } from '../policies/denial.ts';
import type { Requester } from '../policies/requester.ts';
import type { AccessRequest } from '../policies/statement.ts';
import { decideByResource } from '../policies/trust.ts';
import { type BucketOwner, type BucketOwners, bucketPolicy } from './bucket-owners.ts';
import { decideForService, type ServiceDecision, service } from './service-access.ts';

/** For whom the service uses buckets. */
export type BucketUse = {
  /** The role that the resource was given. */
  readonly roleArn: string | undefined;
  /** The resource, such as an import job, and its account. */
  readonly source: { readonly account: string; readonly arn: string };
};

/** What is to be done in a bucket. */
export type BucketQuestion = {
  readonly bucket: string;
  /** Such as `s3:GetObject`. */
  readonly action: string;
  /** Empty for the bucket. */
  readonly key: string;
  readonly keys: Readonly<Record<string, string>>;
};

export type DecideBucketUse = (use: BucketUse, question: BucketQuestion) => Promise<ServiceDecision>;

type Parts = { readonly database: Database; readonly ownerOf: BucketOwners; readonly now: () => number };

/**
 * Whether the service may use a bucket for a resource. Its role must be allowed to; without one it may use none, as
 * who has created it may be allowed less than the account. The policy of the bucket must not deny it, and must allow it
 * where the bucket is of another account: to the role, its account, or the service.
 */
export const decideBucketUse =
  (parts: Parts): DecideBucketUse =>
  async (use, { bucket, action, key, keys }) => {
    const resource = `arn:aws:s3:::${bucket}${key === '' ? '' : `/${key}`}`;
    const { roleArn, source } = use;
    if (roleArn === undefined) {
      const sentence = `${source.arn} has no role: create it again with a roleArn that may ${action} on ${resource}.`;
      return { allowed: false, sentence };
    }
    const byRole = await decideForService(parts, { roleArn, source, action, resource, keys });
    if (!byRole.allowed) return byRole;
    const owner = await parts.ownerOf(bucket);
    if (owner === undefined) return byRole;
    const context = contextOf({ ...keys, 'aws:SourceAccount': source.account, 'aws:SourceArn': source.arn });
    return decideByBucket(owner, { roleArn, account: source.account }, { action, resource, context });
  };

function decideByBucket(
  owner: BucketOwner,
  { roleArn, account }: { readonly roleArn: string; readonly account: string },
  request: AccessRequest,
): ServiceDecision {
  const policy = bucketPolicy(owner);
  const requesters: readonly Requester[] = [
    { kind: 'aws', account, arn: roleArn },
    { kind: 'service', name: service },
  ];
  const decisions = policy ? requesters.map((requester) => decideByResource(policy, requester, request)) : [];
  const denied = decisions.find(({ effect }) => effect === 'Deny');
  const isAllowed = owner.account === account || decisions.some(({ effect }) => effect === 'Allow');
  if (!denied && isAllowed) return { allowed: true };
  const by = denied?.effect === 'Deny' ? { policy: 'the bucket policy', statement: denied.statement } : undefined;
  const { action, resource } = request;
  const text = denialText(roleArn, action, resource, { allowed: false, policyType: 'resource-based policy', by });
  return { allowed: false, sentence: `${text}.` };
}
