import { keyAliasArn } from '../../contract/arn.ts';
import { ServiceError } from '../../contract/errors.ts';
import type { Database } from '../../data/database/database.ts';
import { type AuthorisationParts, type AuthorisedCall, requestOf } from '../authorisation/authorise.ts';
import type { AnyInput } from '../authorisation/created-arn.ts';
import { actionOf, addTags } from '../authorisation/needs.ts';
import { requestKeys } from '../authorisation/request-keys.ts';
import type { Context } from '../policies/context.ts';
import type { PrincipalPolicies } from '../policies/decision.ts';
import type { Principal } from '../principal.ts';
import { rootArn } from '../principals/identifiers.ts';
import { headerOf } from './ciphertext.ts';
import { keyConditionKeys } from './key-condition-keys.ts';
import { refusalOf } from './key-decision.ts';
import { findKeyById, findKeyIfThere, type Key } from './key-lookup.ts';
import { type KeyNeed, keyNeedsOf } from './key-needs.ts';
import { keyRequester } from './key-policy.ts';
import { type KeyScope, readKeyReference } from './key-reference.ts';
import { readKeyTags } from './key-tags.ts';

type Parts = Pick<AuthorisationParts, 'rightsOf' | 'now'> & { readonly database: Database };

/** A call whose caller and input are known. */
export type KeyCall = Omit<AuthorisedCall, 'principal' | 'region'> & {
  /** Undefined where signatures are not verified: who calls is the root of the account then. */
  readonly principal: Principal | undefined;
  readonly account: string;
  readonly region: string;
};

/** What a need is about, as far as it is there. */
type Subject = { readonly arn: string; readonly key?: Key | undefined };

/**
 * Refuses calls of KMS that neither the policy of a key nor the caller's own policies, nor a grant, allow.
 *
 * @returns a function that throws ServiceError AccessDeniedException
 */
export function keyAuthoriser({ database, rightsOf, now }: Parts) {
  return async (call: KeyCall): Promise<void> => {
    const { operation, input, account, principal = rootOf(account) } = call;
    const rights = rightsOf(principal);
    const keys = requestKeys({ ...call, ...rights, principal, now: now() });
    for (const need of keyNeedsOf(operation.name, actionOf(operation), input)) {
      const subject = await subjectOf(database, need, { scope: call, now: now() });
      const { policies } = rights;
      const refusal = await refusalFor(database, { need, subject, call, principal, keys, policies });
      if (refusal === undefined) continue;
      throw new ServiceError('AccessDeniedException', isUnnamed(need) ? unnamed : refusal);
    }
  };
}

const rootOf = (account: string): Principal => ({ kind: 'root', account, arn: rootArn(account) });

/** Who has a ciphertext and may not decrypt it does not learn of its key. */
const isUnnamed = ({ on }: KeyNeed) => on !== undefined && 'ciphertext' in on && on.keyId === undefined;
const unnamed =
  'The ciphertext refers to a customer master key that does not exist, does not exist in this region, ' +
  'or you are not allowed to access.';

type Lookup = { readonly scope: KeyScope; readonly now: number };

async function subjectOf(database: Database, { on }: KeyNeed, { scope, now }: Lookup): Promise<Subject> {
  if (on === undefined) return { arn: '*' };
  if ('alias' in on) return { arn: on.alias.startsWith('arn:') ? on.alias : keyAliasArn(scope, on.alias) };
  if (on.keyId !== undefined) return await namedKey(database, on.keyId, { scope, now });
  const header = 'ciphertext' in on ? headerOf(Buffer.from(on.ciphertext, 'base64')) : undefined;
  const key = header && (await findKeyById(database, header.keyId, now));
  return { arn: key?.arn ?? '*', key };
}

async function namedKey(database: Database, keyId: string, { scope, now }: Lookup): Promise<Subject> {
  const reference = readKeyReference(keyId, scope);
  const key = await findKeyIfThere(database, reference, now);
  return { arn: key?.arn ?? reference.arn, key };
}

type Asked = {
  readonly need: KeyNeed;
  readonly subject: Subject;
  readonly call: KeyCall;
  readonly principal: Principal;
  readonly keys: Context;
  readonly policies: PrincipalPolicies | undefined;
};

async function refusalFor(database: Database, asked: Asked): Promise<string | undefined> {
  const { need, subject, call, principal, keys, policies } = asked;
  const { arn, key } = subject;
  // Where signatures are not verified, who calls may do everything in its account.
  if (call.principal === undefined && key?.account === call.account) return undefined;
  const { action, context } = need;
  const own = keyConditionKeys({ key, account: principal.account, context });
  addRequestTags(own, call.input);
  const request = requestOf({ action, resource: arn, keys: own }, keys, key ? await readKeyTags(database, key.id) : []);
  const requester = keyRequester(principal.account, principal);
  return await refusalOf(database, { key, requester, policies, request, context });
}

/** The tags that an input adds, or the keys of those that it removes. */
function addRequestTags(keys: Map<string, readonly string[]>, { Tags: added, TagKeys: removed }: AnyInput): void {
  const tags = Array.isArray(added)
    ? added.map(({ TagKey, TagValue }) => ({ key: `${TagKey}`, value: `${TagValue}` }))
    : [];
  addTags(keys, 'aws:requesttag/', tags);
  const names = [...tags.map(({ key }) => key), ...(Array.isArray(removed) ? removed.map(String) : [])];
  if (names.length > 0) keys.set('aws:tagkeys', names);
}
