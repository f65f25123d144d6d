import type { ListedPolicy } from '../../../access/authorisation/policy-store.ts';
import type { HolderName } from '../../../access/principals/holders.ts';
import type { HandlersOf } from '../../handler.ts';
import { noSuchEntity } from './iam-errors.ts';
import type { IamParts } from './iam-parts.ts';
import { encodedDocument } from './iam-words.ts';
import { pathOf } from './managed-policy-facts.ts';
import { pageOf } from './paging.ts';

type Paged = { readonly marker?: string | undefined; readonly maxItems?: number | undefined };
type Inline = { readonly policyName: string };
type Attached = { readonly policyArn: string };

type HolderPolicyOperation = `${'Attach' | 'Detach' | 'Put' | 'Get' | 'Delete'}${'Role' | 'User'}Policy`;
type ListOperation = `List${'Attached' | ''}${'Role' | 'User'}Policies`;

/** Policies of roles and users: those that are attached, and those that one of them has alone. */
export function holderPolicyHandlers({ policies }: IamParts): HandlersOf<HolderPolicyOperation | ListOperation> {
  const attach = async (of: HolderName, { policyArn }: Attached) => {
    await policies.attach({ ...of, policy: policyArn });
    return {};
  };
  const detach = async (of: HolderName, { policyArn }: Attached) => {
    await policies.detach({ ...of, policy: policyArn });
    return {};
  };
  const put = async (of: HolderName, { policyName, policyDocument }: Inline & { policyDocument: string }) => {
    await policies.putInline({ ...of, name: policyName, document: policyDocument });
    return {};
  };
  const get = async (of: HolderName, { policyName }: Inline) => {
    const { document } = inlineOf(of, (await policies.list(of)).inline, policyName);
    return { policyName, policyDocument: encodedDocument(document) };
  };
  const remove = async (of: HolderName, { policyName }: Inline) => {
    inlineOf(of, (await policies.list(of)).inline, policyName);
    await policies.deleteInline({ ...of, name: policyName });
    return {};
  };
  const listInline = async (of: HolderName, asked: Paged) => {
    const { items, page } = pageOf((await policies.list(of)).inline, ({ name }) => name, asked);
    return { policyNames: items.map(({ name }) => name), ...page };
  };
  const listAttached = async (of: HolderName, { pathPrefix = '/', ...asked }: Paged & { pathPrefix?: string }) => {
    const attached = (await policies.list(of)).attached.map(({ name, arn = '' }) => ({
      policyName: name,
      policyArn: arn,
    }));
    const below = attached.filter(({ policyArn }) => pathOf(policyArn).startsWith(pathPrefix));
    const { items, page } = pageOf(below, ({ policyName, policyArn }) => `${policyName} ${policyArn}`, asked);
    return { attachedPolicies: items, ...page };
  };
  const role = ({ account }: { account: string }, { roleName }: { roleName: string }) => ({ account, role: roleName });
  const user = ({ account }: { account: string }, { userName }: { userName: string }) => ({ account, user: userName });
  return {
    AttachRolePolicy: (input, caller) => attach(role(caller, input), input),
    DetachRolePolicy: (input, caller) => detach(role(caller, input), input),
    PutRolePolicy: (input, caller) => put(role(caller, input), input),
    GetRolePolicy: async (input, caller) => ({
      roleName: input.roleName,
      ...(await get(role(caller, input), input)),
    }),
    DeleteRolePolicy: (input, caller) => remove(role(caller, input), input),
    ListRolePolicies: (input, caller) => listInline(role(caller, input), input),
    ListAttachedRolePolicies: (input, caller) => listAttached(role(caller, input), input),
    AttachUserPolicy: (input, caller) => attach(user(caller, input), input),
    DetachUserPolicy: (input, caller) => detach(user(caller, input), input),
    PutUserPolicy: (input, caller) => put(user(caller, input), input),
    GetUserPolicy: async (input, caller) => ({
      userName: input.userName,
      ...(await get(user(caller, input), input)),
    }),
    DeleteUserPolicy: (input, caller) => remove(user(caller, input), input),
    ListUserPolicies: (input, caller) => listInline(user(caller, input), input),
    ListAttachedUserPolicies: (input, caller) => listAttached(user(caller, input), input),
  };
}

/** @throws ServiceError NoSuchEntityException */
function inlineOf({ role }: HolderName, inline: readonly ListedPolicy[], name: string): ListedPolicy {
  const found = inline.find((policy) => policy.name === name);
  if (found) return found;
  throw noSuchEntity(`The ${role === undefined ? 'user' : 'role'} policy with name ${name} cannot be found.`);
}
