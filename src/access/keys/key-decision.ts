import type { Database } from '../../data/database/database.ts';
import type { PrincipalPolicies } from '../policies/decision.ts';
import { denialText } from '../policies/denial.ts';
import type { AwsRequester } from '../policies/requester.ts';
import { resourcePolicy } from '../policies/resource-policy.ts';
import type { AccessRequest } from '../policies/statement.ts';
import { decideAssumption } from '../policies/trust.ts';
import { grantsUse } from './key-grants.ts';
import type { Key } from './key-lookup.ts';

/** Somebody who wants to do something with a key. */
export type WantedUse = {
  readonly key: Key;
  readonly requester: AwsRequester;
  /** What the requester may do by its own policies; undefined for the root of an account. */
  readonly policies: PrincipalPolicies | undefined;
  readonly request: AccessRequest;
  /** What is encrypted or decrypted with. */
  readonly context: Readonly<Record<string, string>>;
};

/**
 * Asks whether a key may be used, as AWS KMS does: its policy must allow it. If that names the account of a user or
 * role, or the key is of another account, the policies of that user or role must allow it, too. Else a grant may.
 *
 * @returns what the requester is told; undefined if it may
 */
export async function refusalOf(database: Database, wanted: WantedUse): Promise<string | undefined> {
  const { key, requester, policies, request, context } = wanted;
  const trust = resourcePolicy(key.policy);
  const decision = decideAssumption({ trust, account: key.account, requester, policies, request });
  if (decision.allowed) return undefined;
  if (!decision.by && (await grantsUse(database, { key, requester, action: request.action, context })))
    return undefined;
  return denialText(requester.arn, request.action, key.arn, decision);
}
