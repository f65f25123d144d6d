import { type Decision, decide, decideLimits, type PrincipalPolicies } from './decision.ts';
import type { Policy } from './policy.ts';
import type { Naming, Requester } from './requester.ts';
import { type AccessRequest, coversAction, coversResource, meetsConditions, type Statement } from './statement.ts';

/** What a policy of a resource (a trust policy, a bucket policy) says to a request. */
export type ResourceDecision =
  | { readonly effect: 'Deny'; readonly statement: Statement }
  /** `account`: it leaves it to the account of who asks whether its policies allow the request. */
  | { readonly effect: 'Allow'; readonly statement: Statement; readonly grants: Naming }
  | { readonly effect: 'none' };

const closeness: Readonly<Record<Naming, number>> = { account: 0, more: 1, itself: 2 };

/** Asks the policy of a resource. A Deny ends the matter; the Allow that names who asks most closely counts. */
export function decideByResource(policy: Policy, requester: Requester, request: AccessRequest): ResourceDecision {
  const action = request.action.toLowerCase();
  let best: ResourceDecision = { effect: 'none' };
  for (const statement of policy.statements) {
    const naming = namingIn(statement, requester);
    if (naming === undefined || !coversAction(statement, action) || !coversResource(statement, request)) continue;
    if (!meetsConditions(statement, request)) continue;
    if (statement.effect === 'Deny') return { effect: 'Deny', statement };
    if (best.effect === 'none' || closeness[naming] > closeness[best.grants]) {
      best = { effect: 'Allow', statement, grants: naming };
    }
  }
  return best;
}

/** NotPrincipal: everybody whom it does not name, not even by a role or an account. */
export function namingIn({ principals }: Statement, requester: Requester): Naming | undefined {
  const naming = principals?.namingOf(requester);
  if (!principals?.negated) return naming;
  return naming === undefined ? 'more' : undefined;
}

/** What people know it by. */
export const trustPolicyName = 'the trust policy';

/** Who asks for a role. */
export type Assumption = {
  readonly trust: Policy;
  /** The account of the role. */
  readonly account: string;
  readonly requester: Requester;
  /** What the requester may do by its own policies; undefined for services, federation and an account's root. */
  readonly policies: PrincipalPolicies | undefined;
  /** The action, such as `sts:AssumeRole`, on the ARN of the role. */
  readonly request: AccessRequest;
};

/**
 * Whether a role can be assumed. Its trust policy must always allow it. If that names the account of a user or role,
 * or the role is of another account, the policies of that user or role must allow it, too. Who is not named by its own
 * ARN is held to its boundary and its session policies.
 */
export function decideAssumption({ trust, account, requester, policies, request }: Assumption): Decision {
  const byTrust = decideByResource(trust, requester, request);
  const own = policies && decide(policies, request);
  const named = (statement: Statement) => ({ policy: trustPolicyName, statement });
  if (byTrust.effect === 'Deny') {
    return { allowed: false, policyType: 'resource-based policy', by: named(byTrust.statement) };
  }
  if (own && !own.allowed && own.by) return own;
  if (byTrust.effect === 'none') return { allowed: false, policyType: 'resource-based policy', by: undefined };
  const allowed: Decision = { allowed: true, by: named(byTrust.statement) };
  if (!own || !policies) return allowed;
  const isDelegated = byTrust.grants === 'account' || (requester.kind === 'aws' && requester.account !== account);
  if (isDelegated) return own;
  return (byTrust.grants === 'more' && decideLimits(policies, request)) || allowed;
}
