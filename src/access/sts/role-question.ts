import { addTags } from '../authorisation/needs.ts';
import { roleKeys, trustOf } from '../authorisation/role-trust.ts';
import type { Context } from '../policies/context.ts';
import type { Denial, PrincipalPolicies } from '../policies/decision.ts';
import type { Requester } from '../policies/requester.ts';
import { decideAssumption, decideByResource } from '../policies/trust.ts';
import type { Role } from '../principals/role-store.ts';
import type { SessionTags, SessionWish } from './session-terms.ts';

/** Whether somebody may have a session of a role. */
export type RoleQuestion = {
  readonly role: Role;
  readonly requester: Requester;
  /** Undefined for those who have none: an account's root, and the holder of an issuer's token. */
  readonly policies: PrincipalPolicies | undefined;
  /** Such as `sts:AssumeRole`. */
  readonly action: string;
  readonly wish: SessionWish & { readonly externalId?: string | undefined };
  readonly carried: SessionTags;
  readonly sourceIdentity: string | undefined;
  /** What is known of the call and of who makes it. */
  readonly keys: Context;
};

/** What is refused, and the action that would have to be allowed. */
export type Refusal = Denial & { readonly action: string };

/**
 * Asks the role's trust policy, and the requester's own policies where that leaves it to them. To give the session tags
 * or a source identity, those of the session that asks too, takes an action of its own.
 */
export function refusalOf(question: RoleQuestion): Refusal | undefined {
  const { role, requester, policies, action, carried, sourceIdentity } = question;
  const context = contextOf(question);
  const actions = [
    action,
    ...(carried.tags.length > 0 ? ['sts:TagSession'] : []),
    ...(sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
  ];
  const trust = trustOf(role);
  for (const each of actions) {
    const request = { action: each, resource: role.arn, context };
    if (isStrange(question) && decideByResource(trust, requester, request).effect !== 'Allow') {
      return { ...unallowed, action: each };
    }
    const decision = decideAssumption({ trust, account: role.account, requester, policies, request });
    if (!decision.allowed) return { ...decision, action: each };
  }
  return undefined;
}

/** What is said of a role that is not there, and of another account's that does not trust who asks. */
export const unallowed = { allowed: false, policyType: 'resource-based policy', by: undefined } as const;

const isStrange = ({ role, requester }: RoleQuestion) => requester.kind === 'aws' && requester.account !== role.account;

function contextOf({ role, wish, sourceIdentity, keys }: RoleQuestion): Context {
  const { session, externalId, tags = [], transitiveTagKeys = [] } = wish;
  const own: Map<string, readonly string[] | undefined> = roleKeys(role);
  addTags(own, 'aws:requesttag/', tags);
  own.set('aws:tagkeys', some(tags.map(({ key }) => key)));
  own.set('sts:transitivetagkeys', some(transitiveTagKeys));
  own.set('sts:rolesessionname', [session]);
  own.set('sts:externalid', externalId === undefined ? undefined : [externalId]);
  own.set('sts:sourceidentity', sourceIdentity === undefined ? undefined : [sourceIdentity]);
  return (key) => own.get(key) ?? keys(key);
}

/** An empty list is as good as none. */
const some = (values: readonly string[]) => (values.length > 0 ? values : undefined);
