import { setBoundary } from '../../../access/principals/boundaries.ts';
import { tagHolder, untagHolder } from '../../../access/principals/holder-tags.ts';
import type { Role } from '../../../access/principals/role-store.ts';
import { invalidInput } from '../../../contract/errors.ts';
import { refuseUnavailable } from '../../availability.ts';
import type { HandlersOf } from '../../handler.ts';
import { deleteConflict } from './iam-errors.ts';
import type { IamParts } from './iam-parts.ts';
import { boundaryOf, encodedDocument, secondsOf, tagsOf } from './iam-words.ts';
import { pageOf } from './paging.ts';

type RoleOperation =
  | 'CreateRole'
  | 'GetRole'
  | 'ListRoles'
  | 'UpdateRole'
  | 'UpdateRoleDescription'
  | 'UpdateAssumeRolePolicy'
  | 'DeleteRole'
  | 'TagRole'
  | 'UntagRole'
  | 'ListRoleTags'
  | 'PutRolePermissionsBoundary'
  | 'DeleteRolePermissionsBoundary'
  | 'ListInstanceProfilesForRole'
  | 'CreateServiceLinkedRole';

type Named = { readonly account: string };
const at = ({ account }: Named, name: string) => ({ account, name });

export const roleHandlers = ({ roles, policies, change }: IamParts): HandlersOf<RoleOperation> => ({
  async CreateRole({ roleName, assumeRolePolicyDocument, permissionsBoundary, ...given }, caller) {
    refuseUnavailable({ MaxSigninSessionDuration: given.maxSigninSessionDuration !== undefined });
    const role = await roles.create({
      ...at(caller, roleName),
      trustPolicy: assumeRolePolicyDocument,
      path: given.path,
      description: given.description,
      maxSessionSeconds: given.maxSessionDuration,
      boundary: permissionsBoundary,
      tags: given.tags,
    });
    return { role: fullRole(role) };
  },

  GetRole: async ({ roleName }, caller) => ({ role: fullRole(await roles.get(at(caller, roleName))) }),

  async ListRoles({ pathPrefix, ...asked }, { account }) {
    const { items, page } = pageOf(await roles.list(account, pathPrefix), ({ name }) => name, asked);
    return { roles: items.map(listedRole), ...page };
  },

  async UpdateRole({ roleName, description, maxSessionDuration, ...given }, caller) {
    refuseUnavailable({
      MaxSigninSessionDuration: given.maxSigninSessionDuration !== undefined,
      ResetMaxSigninSessionDuration: given.resetMaxSigninSessionDuration === true,
    });
    await roles.update({ ...at(caller, roleName), description, maxSessionSeconds: maxSessionDuration });
    return {};
  },

  async UpdateRoleDescription({ roleName, description }, caller) {
    await roles.update({ ...at(caller, roleName), description });
    return { role: fullRole(await roles.get(at(caller, roleName))) };
  },

  async UpdateAssumeRolePolicy({ roleName, policyDocument }, caller) {
    await roles.putTrust({ ...at(caller, roleName), document: policyDocument });
    return {};
  },

  async DeleteRole({ roleName }, caller) {
    const { attached, inline } = await policies.list({ account: caller.account, role: roleName });
    if (attached.length > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
    if (inline.length > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
    await roles.delete({ ...at(caller, roleName), keepsPolicies: true });
    return {};
  },

  async TagRole({ roleName, tags }, { account }) {
    await tagHolder(change, { account, role: roleName, tags });
    return {};
  },

  async UntagRole({ roleName, tagKeys }, { account }) {
    await untagHolder(change, { account, role: roleName, keys: tagKeys });
    return {};
  },

  async ListRoleTags({ roleName, ...asked }, caller) {
    const { tags } = await roles.get(at(caller, roleName));
    const { items, page } = pageOf(tags, ({ key }) => key, asked);
    return { tags: tagsOf(items), ...page };
  },

  async PutRolePermissionsBoundary({ roleName, permissionsBoundary }, { account }) {
    await setBoundary(change, { account, role: roleName, policy: permissionsBoundary });
    return {};
  },

  async DeleteRolePermissionsBoundary({ roleName }, { account }) {
    await setBoundary(change, { account, role: roleName, policy: undefined });
    return {};
  },

  async ListInstanceProfilesForRole({ roleName }, caller) {
    await roles.get(at(caller, roleName));
    return { instanceProfiles: [], isTruncated: false };
  },

  CreateServiceLinkedRole: ({ aWSServiceName }) =>
    Promise.reject(
      invalidInput(`Service-linked roles are not supported for ${aWSServiceName}: make a role that it may assume.`),
    ),
});

/** What a list has of a role. */
const listedRole = ({ path, name, id, arn, createdAt, trustPolicy, description, maxSessionSeconds }: Role) => ({
  path,
  roleName: name,
  roleId: id,
  arn,
  createDate: secondsOf(createdAt),
  assumeRolePolicyDocument: encodedDocument(trustPolicy),
  ...(description !== '' && { description }),
  maxSessionDuration: maxSessionSeconds,
});

const fullRole = (role: Role) => ({
  ...listedRole(role),
  ...boundaryOf(role.boundary),
  ...(role.tags.length > 0 && { tags: tagsOf(role.tags) }),
});
