import { LRUCache } from 'lru-cache';
import { ServiceError } from '../../contract/errors.ts';
import { MalformedPolicyError } from '../policies/malformed-policy.ts';
import { type Policy, readPolicy } from '../policies/policy.ts';
import type { Requester } from '../policies/requester.ts';
import { decideByResource } from '../policies/trust.ts';
import type { Principal } from '../principal.ts';
import { rootArn } from '../principals/identifiers.ts';

/** Policies that need not be read again: those of the keys that are used over and over. */
const compiled = new LRUCache<string, Policy>({ max: 256 });

/** The policy of a document. @throws MalformedPolicyError */
export function keyPolicy(document: string): Policy {
  const known = compiled.get(document);
  if (known) return known;
  const policy = readPolicy(document, 'resource');
  compiled.set(document, policy);
  return policy;
}

/** A user, a role, or the root of an account. */
export type AwsRequester = Requester & { readonly kind: 'aws' };

/** Who asks, as the policy of a key sees it: the root of the account where no signature is verified. */
export function requesterOf(account: string, principal: Principal | undefined): AwsRequester {
  if (principal === undefined) return { kind: 'aws', account, arn: rootArn(account) };
  const asked = { kind: 'aws', account: principal.account, arn: principal.arn } as const;
  return principal.kind === 'session' ? { ...asked, roleArn: principal.roleArn } : asked;
}

type NewPolicy = {
  readonly document: string;
  readonly keyArn: string;
  readonly requester: Requester;
  /** The policy may lock out who puts it. */
  readonly bypassCheck: boolean;
};

/**
 * Refuses a policy that cannot be read, or under which who puts it could not put another one.
 *
 * @throws ServiceError MalformedPolicyDocumentException
 */
export function requireKeyPolicy({ document, keyArn, requester, bypassCheck }: NewPolicy): void {
  const policy = read(document);
  if (bypassCheck) return;
  const request = { action: 'kms:PutKeyPolicy', resource: keyArn, context: () => undefined };
  if (decideByResource(policy, requester, request).effect === 'Allow') return;
  throw malformed('The new key policy will not allow you to update the key policy in the future.');
}

function read(document: string): Policy {
  try {
    return keyPolicy(document);
  } catch (error) {
    throw error instanceof MalformedPolicyError ? malformed(error.message) : error;
  }
}

const malformed = (message: string) => new ServiceError('MalformedPolicyDocumentException', message);
