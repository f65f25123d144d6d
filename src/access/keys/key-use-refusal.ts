import type { Database } from '../../data/database/database.ts';
import type { EncryptionContext, KeyUse } from '../../data/encryption/data-keys.ts';
import { isOfAnother, requestOf, strange } from '../authorisation/authorise.ts';
import { assumeForService, type ServiceSession } from '../authorisation/service-access.ts';
import { decide } from '../policies/decision.ts';
import { denialText } from '../policies/denial.ts';
import type { AccessRequest } from '../policies/statement.ts';
import { rootArn } from '../principals/identifiers.ts';
import { keyConditionKeys } from './key-condition-keys.ts';
import { refusalOf } from './key-decision.ts';
import type { Key } from './key-lookup.ts';
import { keyRequester } from './key-policy.ts';
import { readKeyTags } from './key-tags.ts';

/** What the service wants to do with a key for a dataset group. */
export type ServiceUse = {
  /** Such as `kms:Decrypt`. */
  readonly action: string;
  readonly use: KeyUse;
  readonly context: EncryptionContext;
};

/** @returns a sentence with principal, action and resource; undefined if the use is allowed */
type RefusalOf<Wanted> = (wanted: Wanted) => Promise<string | undefined>;

type Parts = {
  readonly database: Database;
  readonly now: () => number;
  /** Whether signatures are verified: without, everybody may use the keys of the account. */
  readonly verifies: boolean;
};

/**
 * Says why the service may not use a key of the local key store for a dataset group: the role of the group may not.
 * Policies are read from the database each time.
 */
export function keyUseRefusal(parts: Parts): RefusalOf<ServiceUse & { readonly key: Key | undefined }> {
  const { database, verifies } = parts;
  return async ({ key, ...wanted }) => {
    const { account, kmsKeyArn } = wanted.use;
    if (!verifies) {
      const isForeign = isOfAnother({ account }, kmsKeyArn);
      return isForeign ? `${denialText(rootArn(account), wanted.action, kmsKeyArn, strange)}.` : undefined;
    }
    const asked = await askedBy(parts, wanted, key);
    if ('sentence' in asked) return asked.sentence;
    const { session, request } = asked;
    const requester = keyRequester(account, session.principal);
    const { context } = wanted;
    const refusal = await refusalOf(database, { key, requester, policies: session.policies, request, context });
    return refusal && `${refusal}.`;
  };
}

/** The same of a key of another KMS, whose own policy is for that to keep. */
export function roleUseRefusal(parts: Parts): RefusalOf<ServiceUse> {
  return async (wanted) => {
    if (!parts.verifies) return undefined;
    const asked = await askedBy(parts, wanted, undefined);
    if ('sentence' in asked) return asked.sentence;
    const { session, request } = asked;
    const decision = decide(session.policies, request);
    if (decision.allowed) return undefined;
    return `${denialText(session.principal.arn, wanted.action, request.resource, decision)}.`;
  };
}

type Asked = { readonly session: ServiceSession; readonly request: AccessRequest };

/** The role of a dataset group as the service assumes it, and what it asks for. */
async function askedBy(
  { database, now }: Parts,
  { action, use, context }: ServiceUse,
  key: Key | undefined,
): Promise<Asked | { readonly sentence: string }> {
  const { account, roleArn, kmsKeyArn, datasetGroupArn } = use;
  const assumed = await assumeForService({ database, now }, { roleArn, source: { account, arn: datasetGroupArn } });
  if (!assumed.allowed) return assumed;
  const viaService = `personalize.${kmsKeyArn.split(':')[3]}.amazonaws.com`;
  const own = keyConditionKeys({ key, account, context, viaService });
  const tags = key ? await readKeyTags(database, key.id) : [];
  return {
    session: assumed.session,
    request: requestOf({ action, resource: kmsKeyArn, keys: own }, assumed.session.keys, tags),
  };
}
