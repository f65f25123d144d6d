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

export type Decision = { readonly allowed: true; readonly by: NamedStatement } | Denial;

export type Denial = {
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
export function decide(policies: PrincipalPolicies, request: AccessRequest): Decision {
  const byIdentity = policies.identity.decisive(request);
  const byLimits = limitsOf(policies, request);
  const layers: readonly Layer[] = [['identity-based policy', byIdentity], ...byLimits];
  const denied = deniedBy(layers);
  if (denied) return denied;
  if (byIdentity === undefined) throw new Error('An identity-based policy has allowed what none covers.');
  return { allowed: true, by: byIdentity };
}

/** What denies a request that something else than a principal's own policies allows: only its limits count then. */
export const decideLimits = (policies: PrincipalPolicies, request: AccessRequest): Denial | undefined =>
  deniedBy(limitsOf(policies, request));

/** The policies of a sort, with the statement of theirs that decides. */
type Layer = readonly [policyType: PolicyType, by: NamedStatement | undefined];

function limitsOf({ boundary, session }: PrincipalPolicies, request: AccessRequest): readonly Layer[] {
  if (boundary === undefined && session === undefined) return noLimits;
  const limits: Layer[] = [];
  if (boundary) limits.push(['permissions boundary', boundary.decisive(request)]);
  if (session) limits.push(['session policy', session.decisive(request)]);
  return limits;
}

const noLimits: readonly Layer[] = [];

/** The first layer with a Deny, else the first that allows nothing. */
function deniedBy(layers: readonly Layer[]): Denial | undefined {
  for (const [policyType, by] of layers) {
    if (by?.statement.effect === 'Deny') return { allowed: false, policyType, by };
  }
  for (const [policyType, by] of layers) {
    if (by === undefined) return { allowed: false, policyType, by };
  }
  return undefined;
}
