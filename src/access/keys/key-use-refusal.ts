import type { Database } from '../../data/database/database.ts';
import { requestOf, strange } from '../authorisation/authorise.ts';
import { requestKeys } from '../authorisation/request-keys.ts';
import { assumeForService, type ServiceSession } from '../authorisation/service-access.ts';
import type { PrincipalPolicies } from '../policies/decision.ts';
import { denialText } from '../policies/denial.ts';
import type { Principal } from '../principal.ts';
import { rootArn } from '../principals/identifiers.ts';
import { keyConditionKeys } from './key-condition-keys.ts';
import { refusalOf } from './key-decision.ts';
import { keyRequester } from './key-policy.ts';
import { readKeyTags } from './key-tags.ts';
import type { ServiceUse } from './local-data-keys.ts';

type Parts = {
  readonly database: Database;
  readonly now: () => number;
  /** Whether signatures are verified: without, everybody may use the keys of the account. */
  readonly verifies: boolean;
};

type Asker = Pick<ServiceSession, 'keys'> & {
  readonly principal: Principal;
  readonly policies: PrincipalPolicies | undefined;
};

/**
 * Says why the service may not use a key for a dataset group: neither may the role of the group, or, if it has none,
 * the account that owns it. Policies are read from the database each time.
 *
 * @returns a function that gives a sentence with principal, action and resource; undefined if the use is allowed
 */
export function keyUseRefusal({ database, now, verifies }: Parts) {
  return async ({ key, action, use, context }: ServiceUse): Promise<string | undefined> => {
    const { account, roleArn, kmsKeyArn } = use;
    const region = kmsKeyArn.split(':')[3];
    if (!verifies) {
      return key.account === account ? undefined : `${denialText(rootArn(account), action, key.arn, strange)}.`;
    }
    const asked = roleArn === undefined ? rootAsker(account, region, now()) : await assume(roleArn, use);
    if (typeof asked === 'string') return asked;
    const { principal, policies, keys } = asked;
    const viaService = `personalize.${region}.amazonaws.com`;
    const own = keyConditionKeys({ key, account, context, viaService });
    const request = requestOf({ action, resource: key.arn, keys: own }, keys, await readKeyTags(database, key.id));
    const requester = keyRequester(account, principal);
    const refusal = await refusalOf(database, { key, requester, policies, request, context });
    return refusal && `${refusal}.`;
  };

  async function assume(roleArn: string, { account, datasetGroupArn }: ServiceUse['use']): Promise<Asker | string> {
    const assumed = await assumeForService({ database, now }, { roleArn, source: { account, arn: datasetGroupArn } });
    return assumed.allowed ? assumed.session : assumed.sentence;
  }
}

function rootAsker(account: string, region: string | undefined, now: number): Asker {
  const principal: Principal = { kind: 'root', account, arn: rootArn(account) };
  const from = { sourceIp: undefined, secure: true, userAgent: undefined, region };
  const keys = requestKeys({ ...from, principal, principalTags: [], principalArn: principal.arn, now });
  return { principal, policies: undefined, keys };
}
