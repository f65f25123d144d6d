import type { IncomingMessage } from 'node:http';
import { type AuthorisationParts, requestOf } from '../../access/authorisation/authorise.ts';
import { type BucketOwners, bucketPolicy } from '../../access/authorisation/bucket-owners.ts';
import { requestKeys } from '../../access/authorisation/request-keys.ts';
import { decide } from '../../access/policies/decision.ts';
import { denialText } from '../../access/policies/denial.ts';
import { decideAccess } from '../../access/policies/shared-resource.ts';
import { requesterOf } from '../../access/principals/requester-of.ts';
import type { OriginOf } from '../origin.ts';
import type { S3Caller, S3Permission } from './s3-call.ts';
import { S3Error } from './s3-error.ts';

/** What a call needs, and the keys that conditions of S3 can ask about, in lower case. */
export type S3Need = S3Permission & { readonly keys: ReadonlyMap<string, readonly string[]> };

/** Refuses what a caller may not do. @throws S3Error AccessDenied, MethodNotAllowed */
export type S3Authoriser = (need: S3Need, caller: S3Caller, message: IncomingMessage) => Promise<void>;

type S3AuthorisationParts = Pick<AuthorisationParts, 'rightsOf' | 'now'> & {
  readonly ownerOf: BucketOwners;
  readonly originOf: OriginOf;
};

/** Refuses what the policies of the caller and that of the bucket do not allow. */
export function authoriseS3({ rightsOf, ownerOf, originOf, now }: S3AuthorisationParts): S3Authoriser {
  return async ({ action, bucket, key, keys }, { principal, region }, message) => {
    if (principal === undefined) return;
    const { policies, ...rights } = rightsOf(principal);
    const { remoteAddress: sourceIp, secure } = originOf(message);
    const userAgent = message.headers['user-agent'];
    const facts = { principal, ...rights, sourceIp, secure, userAgent, region, now: now() };
    const resource = resourceOf(bucket, key);
    const request = requestOf({ action, resource, keys: new Map(keys) }, requestKeys(facts), []);
    // Of a name that is taken, the operation itself tells.
    const owner = bucket === undefined || action === 's3:CreateBucket' ? undefined : await ownerOf(bucket);
    if (owner === undefined) {
      if (policies === undefined) return;
      const decision = decide(policies, request);
      if (decision.allowed) return;
      throw new S3Error('AccessDenied', denialText(principal.arn, action, resource, decision));
    }
    if (bucketPolicyActions.has(action)) {
      if (principal.account !== owner.account) throw ofOwnerAlone();
      // A policy that denies everybody everything can be mended.
      if (policies === undefined) return;
    }
    const access = { ...owner, policy: bucketPolicy(owner), requester: requesterOf(principal), policies, request };
    const decision = decideAccess(access);
    if (!decision.allowed) throw new S3Error('AccessDenied', denialText(principal.arn, action, resource, decision));
  };
}

const bucketPolicyActions = new Set(['s3:GetBucketPolicy', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy']);

const ofOwnerAlone = () =>
  new S3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.');

function resourceOf(bucket: string | undefined, key: string): string {
  if (bucket === undefined) return '*';
  return `arn:aws:s3:::${bucket}${key === '' ? '' : `/${key}`}`;
}

/** The keys that a list can be limited by. */
export function listKeys(query: URLSearchParams): ReadonlyMap<string, readonly string[]> {
  const names = ['prefix', 'delimiter', 'max-keys'].filter((name) => query.has(name));
  return new Map(names.map((name) => [`s3:${name}`, [query.get(name) ?? '']]));
}
