import type { NamedStatement, PolicySet } from './policy-set.ts';
import type { AccessRequest } from './statement.ts';

/** The policies of a principal of an account. */
export type PrincipalPolicies = {
  /** Those attached to the user or role, and its inline ones. */
  readonly identity: PolicySet;
  /** The most that `identity` can allow, where there is one. */
  readonly boundary?: PolicySet | undefined;
  /** The most that temporary credentials may do, where they were made with such policies. */
  readonly session?: PolicySet | undefined;
};

export type PolicyType = 'identity-based policy' | 'permissions boundary' | 'session policy' | 'resource-based policy';

export type Decision =
  | { readonly allowed: true; readonly by: NamedStatement }
  | {
      readonly allowed: false;
      /** The policies that deny, or that would have to allow. */
      readonly policyType: PolicyType;
      /** The Deny that applies; undefined where nothing allows. */
      readonly by: NamedStatement | undefined;
    };

/**
 * Decides as IAM does within an account: a Deny in any policy ends the matter. Else each sort of policies that the
 * principal has must allow: those of its identity, its boundary, and those of its session.
 */
export function decide({ identity, boundary, session }: PrincipalPolicies, request: AccessRequest): Decision {
  const byIdentity = identity.decisive(request);
  const byBoundary = boundary?.decisive(request);
  const bySession = session?.decisive(request);
  const layers = [
    ['identity-based policy', byIdentity, true],
    ['permissions boundary', byBoundary, boundary !== undefined],
    ['session policy', bySession, session !== undefined],
  ] as const;
  for (const [policyType, by] of layers) {
    if (by?.statement.effect === 'Deny') return { allowed: false, policyType, by };
  }
  for (const [policyType, by, counts] of layers) {
    if (counts && by === undefined) return { allowed: false, policyType, by };
  }
  if (byIdentity === undefined) throw new Error('An identity-based policy has allowed what none covers.');
  return { allowed: true, by: byIdentity };
}
