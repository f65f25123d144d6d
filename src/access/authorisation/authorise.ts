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
  readonly rightsOf: (principal: Principal) => PrincipalRights;
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
    const identity = operation.actsOn && (await identityOf(call));
    const needs = needsOf(operation, input, { account: principal.account, region, identity });
    const foreign = needs.find(({ resource }) => isOfAnother(principal, resource));
    const rights = rightsOf(principal);
    if (rights.policies !== undefined) {
      const keys = requestKeys({ ...call, ...rights, now: now() });
      for (const need of needs) {
        const decision = need === foreign ? strange : await decideNeed(rights.policies, need, keys, tagsOf);
        if (!decision.allowed) throw refusal(principal, need, decision);
      }
    } else if (foreign) throw refusal(principal, foreign, strange);
  };
}

const refusal = ({ arn }: Principal, { action, resource }: Need, denial: Denial) =>
  new ServiceError('AccessDeniedException', denialText(arn, action, resource, denial));

/** No policy of a user reaches into another account, and resources of the service have no policies of their own. */
export const strange: Denial = { allowed: false, policyType: 'resource-based policy', by: undefined };

/** The account in an ARN; empty for one without, and for what is no ARN. */
function ownerOf(resource: string): string {
  let start = 0;
  for (let part = 0; part < 4; part++) {
    start = resource.indexOf(':', start) + 1;
    if (start === 0) return '';
  }
  const end = resource.indexOf(':', start);
  return resource.slice(start, end < 0 ? resource.length : end);
}

/** Recipes and other things of the service name no account, managed policies `aws`. */
export function isOfAnother({ account }: Pick<Principal, 'account'>, resource: string): boolean {
  const owner = ownerOf(resource);
  return owner !== '' && owner !== 'aws' && owner !== account;
}

async function decideNeed(
  policies: PrincipalPolicies,
  need: Need,
  keys: Context,
  tagsOf: AuthorisationParts['tagsOf'],
): Promise<{ readonly allowed: true } | Denial> {
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
  const owner = ownerOf(resource);
  if (owner) ofResource.set('aws:resourceaccount', [owner]);
  const context: Context = (key) => own.get(key) ?? ofResource.get(key) ?? keys(key);
  return { action, resource, context };
}
