import type { Database } from '../../data/database/database.ts';
import { isOfAnother, strange } from '../authorisation/authorise.ts';
import { type Denial, decide, type PrincipalPolicies } from '../policies/decision.ts';
import { denialText } from '../policies/denial.ts';
import type { AwsRequester } from '../policies/requester.ts';
import { resourcePolicy } from '../policies/resource-policy.ts';
import type { AccessRequest } from '../policies/statement.ts';
import { decideAssumption } from '../policies/trust.ts';
import { grantsUse } from './key-grants.ts';
import type { Key } from './key-lookup.ts';

/** Somebody who wants to do something with a key, or with what has no policy of its own. */
export type WantedUse = {
  /** Undefined if there is no such key. */
  readonly key: Key | undefined;
  readonly requester: AwsRequester;
  /** What the requester may do by its own policies; undefined for the root of an account. */
  readonly policies: PrincipalPolicies | undefined;
  readonly request: AccessRequest;
  /** What is encrypted or decrypted with. */
  readonly context: Readonly<Record<string, string>>;
};

/**
 * Asks whether a key may be used, as AWS KMS does: its policy must allow it. If that names the account of a user or
 * role, or the key is of another account, the policies of that user or role must allow it, too. Else a grant may. Where
 * there is no key, the policies of who asks decide. The refusal of another account's key does not tell if it is there.
 *
 * @returns what the requester is told; undefined if it may
 */
export async function refusalOf(database: Database, wanted: WantedUse): Promise<string | undefined> {
  const { key, requester, policies, request } = wanted;
  const denial = key && (await denialByKey(database, key, wanted));
  if (key && !denial) return undefined;
  const isAnothers = isOfAnother(requester, request.resource);
  const told = (!isAnothers && denial) || denialBySelf(policies, request) || (isAnothers ? strange : undefined);
  return told && denialText(requester.arn, request.action, request.resource, told);
}

async function denialByKey(
  database: Database,
  key: Key,
  { requester, policies, request, context }: WantedUse,
): Promise<Denial | undefined> {
  const trust = resourcePolicy(key.policy);
  const decision = decideAssumption({ trust, account: key.account, requester, policies, request });
  if (decision.allowed) return undefined;
  const isGranted = !decision.by && (await grantsUse(database, { key, requester, action: request.action, context }));
  return isGranted ? undefined : decision;
}

function denialBySelf(policies: PrincipalPolicies | undefined, request: AccessRequest): Denial | undefined {
  const decision = policies && decide(policies, withoutKey(request));
  return decision?.allowed === false ? decision : undefined;
}

/** A request that knows nothing of the key but its ARN. */
const withoutKey = ({ context, ...request }: AccessRequest): AccessRequest => ({
  ...request,
  context: (name) => (/^(aws:resourcetag\/|kms:rotationperiod)/.test(name) ? undefined : context(name)),
});
