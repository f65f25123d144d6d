import { type Decision, type Denial, decide, decideLimits, type PrincipalPolicies } from './decision.ts';
import type { Policy } from './policy.ts';
import type { AwsRequester } from './requester.ts';
import type { AccessRequest } from './statement.ts';
import { decideByResource } from './trust.ts';

/** Of whom a resource with a policy of its own, such as a bucket, is asked for. */
export type ResourceAccess = {
  readonly policy: Policy | undefined;
  /** The account of the resource. */
  readonly account: string;
  /** One who asks. */
  readonly requester: AwsRequester;
  /** What the requester may do by its own policies; undefined for an account's root. */
  readonly policies: PrincipalPolicies | undefined;
  readonly request: AccessRequest;
};

/**
 * Whether a resource may be used. Within its account, the requester's own policies or the policy of the resource must
 * allow it. From another account, both must. A Deny in either ends the matter. Who is not named by its own ARN is held
 * to its boundary and its session policies.
 */
export function decideAccess(access: ResourceAccess): { readonly allowed: true } | Denial {
  const { policy, account, requester, policies, request } = access;
  const byResource = policy ? decideByResource(policy, requester, request) : ({ effect: 'none' } as const);
  if (byResource.effect === 'Deny') {
    const by = { policy: 'the policy of the resource', statement: byResource.statement };
    return { allowed: false, policyType: 'resource-based policy', by };
  }
  const own: Decision | { readonly allowed: true } = policies ? decide(policies, request) : { allowed: true };
  if (requester.account !== account) {
    if (!own.allowed || byResource.effect === 'Allow') return own;
    return { allowed: false, policyType: 'resource-based policy', by: undefined };
  }
  if (own.allowed || own.by || !policies || byResource.effect === 'none' || byResource.grants === 'account') return own;
  return (byResource.grants === 'more' && decideLimits(policies, request)) || { allowed: true };
}
