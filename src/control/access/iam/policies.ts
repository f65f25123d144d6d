import { readPolicyUses } from '../../../access/authorisation/policy-uses.ts';
import { managedPolicy } from '../../../access/policies/managed-policies.ts';
import { invalidInput } from '../../../contract/errors.ts';
import { refuseUnavailable } from '../../availability.ts';
import type { HandlersOf } from '../../handler.ts';
import { deleteConflict, noSuchEntity } from './iam-errors.ts';
import type { IamParts } from './iam-parts.ts';
import { encodedDocument, secondsOf } from './iam-words.ts';
import {
  type AttachablePolicy,
  broughtAlong,
  onlyVersion,
  type PolicyUse,
  policyFacts,
} from './managed-policy-facts.ts';
import { pageOf } from './paging.ts';

type PolicyOperation =
  | 'CreatePolicy'
  | 'GetPolicy'
  | 'ListManagedPolicies'
  | 'DeletePolicy'
  | 'GetPolicyVersion'
  | 'ListPolicyVersions'
  | 'ListEntitiesForPolicy';

export function managedPolicyHandlers({ database, policies }: IamParts): HandlersOf<PolicyOperation> {
  const used = async (account: string) => {
    const uses = new Map<string, PolicyUse>();
    for (const { policyArn, as } of await readPolicyUses(database, account)) {
      const { attachments, boundaries } = uses.get(policyArn) ?? { attachments: 0, boundaries: 0 };
      const added = as === 'attachment' ? { attachments: attachments + 1, boundaries } : undefined;
      uses.set(policyArn, added ?? { attachments, boundaries: boundaries + 1 });
    }
    return uses;
  };

  /** @throws ServiceError NoSuchEntityException */
  async function find(account: string, arn: string): Promise<AttachablePolicy> {
    const managed = arn.includes(':iam::aws:policy/') ? managedPolicy(arn)?.arn : undefined;
    const among = managed === undefined ? await policies.listPolicies(account) : broughtAlong;
    const found = among.find((policy) => policy.arn === (managed ?? arn));
    if (found) return found;
    throw noSuchEntity(`Policy ${arn} was not found.`);
  }

  return {
    async CreatePolicy({ policyName, policyDocument, path, description, tags = [] }, { account }) {
      refuseUnavailable({ 'A tag of a policy': tags.length > 0 });
      const given = { ...(path !== undefined && { path }), ...(description !== undefined && { description }) };
      const policy = await policies.create({ account, name: policyName, document: policyDocument, ...given });
      return { policy: policyFacts(policy, undefined) };
    },

    async GetPolicy({ policyArn }, { account }) {
      const policy = await find(account, policyArn);
      const { description } = policy;
      const facts = policyFacts(policy, (await used(account)).get(policy.arn));
      return { policy: { ...facts, ...(description !== '' && { description }) } };
    },

    async ListManagedPolicies(input, { account }) {
      const { scope = 'All', onlyAttached, pathPrefix = '/', policyUsageFilter } = input;
      const own = scope === 'AWS' ? [] : await policies.listPolicies(account);
      const all: readonly AttachablePolicy[] = [...own, ...(scope === 'Local' ? [] : broughtAlong)];
      const uses = await used(account);
      const isUsed = ({ attachments, boundaries }: PolicyUse = { attachments: 0, boundaries: 0 }) => {
        if (policyUsageFilter === undefined) return !onlyAttached || attachments + boundaries > 0;
        return (policyUsageFilter === 'PermissionsPolicy' ? attachments : boundaries) > 0;
      };
      const wanted = all.filter(({ arn, path }) => path.startsWith(pathPrefix) && isUsed(uses.get(arn)));
      const { items, page } = pageOf(wanted, ({ name, arn }) => `${name} ${arn}`, input);
      return { policies: items.map((policy) => policyFacts(policy, uses.get(policy.arn))), ...page };
    },

    async DeletePolicy({ policyArn }, { account }) {
      const { arn } = await find(account, policyArn);
      if (broughtAlong.some((policy) => policy.arn === arn)) {
        throw invalidInput(`Policy ${arn} is an AWS managed policy, which nobody can delete.`);
      }
      const { attachments = 0, boundaries = 0 } = (await used(account)).get(arn) ?? {};
      if (attachments > 0) throw deleteConflict('Cannot delete a policy attached to entities.');
      if (boundaries > 0) throw deleteConflict('Cannot delete a policy that is a permissions boundary.');
      await policies.delete(arn);
      return {};
    },

    async GetPolicyVersion({ policyArn, versionId }, { account }) {
      const policy = await find(account, policyArn);
      if (versionId !== onlyVersion) {
        throw noSuchEntity(`Policy ${policyArn} version ${versionId} does not exist or is not attachable.`);
      }
      return { policyVersion: { document: encodedDocument(policy.document), ...versionOf(policy) } };
    },

    async ListPolicyVersions({ policyArn }, { account }) {
      return { versions: [versionOf(await find(account, policyArn))], isTruncated: false };
    },

    async ListEntitiesForPolicy(
      { policyArn, entityFilter, pathPrefix = '/', policyUsageFilter, ...asked },
      { account },
    ) {
      const { arn } = await find(account, policyArn);
      const [table, as] = [
        entityFilter === undefined ? undefined : tables[entityFilter],
        policyUsageFilter === 'PermissionsBoundary' ? 'boundary' : 'attachment',
      ];
      const uses = (await readPolicyUses(database, account)).filter(
        (use) =>
          use.policyArn === arn &&
          (entityFilter === undefined || use.table === table) &&
          (policyUsageFilter === undefined || use.as === as) &&
          use.path.startsWith(pathPrefix),
      );
      const unique = [...new Map(uses.map((use) => [use.id, use])).values()];
      const { items, page } = pageOf(unique, (use) => `${use.table} ${use.name}`, asked);
      const of = (wanted: 'users' | 'roles') => items.filter((use) => use.table === wanted);
      return {
        policyGroups: [],
        policyUsers: of('users').map(({ id, name }) => ({ userName: name, userId: id })),
        policyRoles: of('roles').map(({ id, name }) => ({ roleName: name, roleId: id })),
        ...page,
      };
    },
  };
}

/** There are neither groups nor policies that have policies. */
const tables: Readonly<Partial<Record<string, 'users' | 'roles'>>> = { User: 'users', Role: 'roles' };

const versionOf = ({ createdAt }: AttachablePolicy) => ({
  versionId: onlyVersion,
  isDefaultVersion: true,
  createDate: secondsOf(createdAt),
});
