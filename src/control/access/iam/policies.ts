import { readPolicyUses } from '../../../access/authorisation/policy-uses.ts';
import { refuseUnavailable } from '../../availability.ts';
import type { HandlersOf } from '../../handler.ts';
import { deleteConflict } from './iam-errors.ts';
import type { IamParts } from './iam-parts.ts';
import {
  type AttachablePolicy,
  broughtAlong,
  findPolicy,
  type PolicyUse,
  policyFacts,
  requireOwn,
} from './managed-policy-facts.ts';
import { pageOf } from './paging.ts';

type PolicyOperation = 'CreatePolicy' | 'GetPolicy' | 'ListManagedPolicies' | 'DeletePolicy' | 'ListEntitiesForPolicy';

export function managedPolicyHandlers({ database, policies, versions }: IamParts): HandlersOf<PolicyOperation> {
  const used = async (account: string) => {
    const uses = new Map<string, PolicyUse>();
    for (const { policyArn, as } of await readPolicyUses(database, account)) {
      const { attachments, boundaries } = uses.get(policyArn) ?? { attachments: 0, boundaries: 0 };
      const added = as === 'attachment' ? { attachments: attachments + 1, boundaries } : undefined;
      uses.set(policyArn, added ?? { attachments, boundaries: boundaries + 1 });
    }
    return uses;
  };

  return {
    async CreatePolicy({ policyName, policyDocument, path, description, tags = [] }, { account }) {
      refuseUnavailable({ 'A tag of a policy': tags.length > 0 });
      const given = { ...(path !== undefined && { path }), ...(description !== undefined && { description }) };
      const policy = await policies.create({ account, name: policyName, document: policyDocument, ...given });
      return { policy: policyFacts(policy, undefined) };
    },

    async GetPolicy({ policyArn }, { account }) {
      const policy = await findPolicy(policies, account, policyArn);
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
      const { arn } = await findPolicy(policies, account, policyArn);
      requireOwn(arn);
      if ((await versions.list(arn)).length > 1) {
        throw deleteConflict(
          "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. " +
            'The default version is deleted with the policy.',
        );
      }
      const { attachments = 0, boundaries = 0 } = (await used(account)).get(arn) ?? {};
      if (attachments > 0) throw deleteConflict('Cannot delete a policy attached to entities.');
      if (boundaries > 0) throw deleteConflict('Cannot delete a policy that is a permissions boundary.');
      await policies.delete(arn);
      return {};
    },

    async ListEntitiesForPolicy(
      { policyArn, entityFilter, pathPrefix = '/', policyUsageFilter, ...asked },
      { account },
    ) {
      const { arn } = await findPolicy(policies, account, policyArn);
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
