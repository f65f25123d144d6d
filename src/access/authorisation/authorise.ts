import { ServiceError } from '../../contract/errors.ts';
import type { Operation } from '../../contract/operation.ts';
import type { Context } from '../policies/context.ts';
import { type Denial, decide, type PrincipalPolicies } from '../policies/decision.ts';
import { denialText } from '../policies/denial.ts';
import type { AccessRequest } from '../policies/statement.ts';
import type { Principal } from '../principal.ts';
import type { Tag } from '../principals/principal-tags.ts';
import type { AnyInput } from './created-arn.ts';
import { addTags, type Need, needsOf } from './needs.ts';
import { type CallFacts, requestKeys } from './request-keys.ts';

/** What a principal may do, and what conditions can ask about it. */
export type PrincipalRights = Pick<CallFacts, 'principalTags' | 'principalArn'> & {
  /** Undefined for the root of an account, who may do everything in it. */
  readonly policies: PrincipalPolicies | undefined;
};

/** A call whose caller and input are known. */
export type AuthorisedCall = Pick<CallFacts, 'principal' | 'sourceIp' | 'secure' | 'userAgent' | 'region'> & {
  readonly operation: Operation;
  readonly input: AnyInput;
};

export type AuthorisationParts = {
  readonly rightsOf: (principal: Principal) => PrincipalRights | Promise<PrincipalRights>;
  /** Tags of a resource; none for one that is not there. */
  readonly tagsOf: (arn: string) => Promise<readonly Tag[]>;
  /** The ARN of what a call acts on in IAM; undefined for any other call. */
  readonly identityOf: (call: Pick<AuthorisedCall, 'operation' | 'input' | 'principal'>) => Promise<string | undefined>;
  readonly now: () => number;
};

/**
 * Refuses calls that the caller's policies do not allow. Whether a resource is there is not looked at: who may not ask
 * about it does not learn of it.
 *
 * @returns a function that throws ServiceError AccessDeniedException
 */
export function authoriser({ rightsOf, tagsOf, identityOf, now }: AuthorisationParts) {
  return async (call: AuthorisedCall): Promise<void> => {
    const { principal, operation, input, region } = call;
    const rights = await rightsOf(principal);
    const keys = requestKeys({ ...call, ...rights, now: now() });
    const identity = operation.actsOn && (await identityOf(call));
    for (const need of needsOf(operation, input, { account: principal.account, region, identity })) {
      const decision = isOfAnother(principal, need.resource)
        ? strange
        : await decideNeed(rights.policies, need, keys, tagsOf);
      if (decision.allowed) continue;
      const text = denialText(principal.arn, need.action, need.resource, decision);
      throw new ServiceError('AccessDeniedException', text);
    }
  };
}

/** No policy of a user reaches into another account, and resources of the service have no policies of their own. */
export const strange: Denial = { allowed: false, policyType: 'resource-based policy', by: undefined };

/** Recipes and other things of the service name no account, managed policies `aws`. */
export function isOfAnother({ account }: Pick<Principal, 'account'>, resource: string): boolean {
  const owner = resource.split(':')[4];
  return owner !== undefined && owner !== '' && owner !== 'aws' && owner !== account;
}

async function decideNeed(
  policies: PrincipalPolicies | undefined,
  need: Need,
  keys: Context,
  tagsOf: AuthorisationParts['tagsOf'],
): Promise<{ readonly allowed: true } | Denial> {
  if (policies === undefined) return { allowed: true };
  const readsTags = [policies.identity, policies.boundary, policies.session].some((set) => set?.readsResourceTags);
  const tags = readsTags && need.isThere ? await tagsOf(need.resource) : [];
  return decide(policies, requestOf(need, keys, tags));
}

/** The request that policies are asked. */
export function requestOf(
  { action, resource, keys: own }: Pick<Need, 'action' | 'resource' | 'keys'>,
  keys: Context,
  tags: readonly Tag[],
): AccessRequest {
  const ofResource = new Map<string, readonly string[]>();
  addTags(ofResource, 'aws:resourcetag/', tags);
  const owner = resource.split(':')[4];
  if (owner) ofResource.set('aws:resourceaccount', [owner]);
  const context: Context = (key) => own.get(key) ?? ofResource.get(key) ?? keys(key);
  return { action, resource, context };
}
