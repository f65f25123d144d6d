import { expect, it } from 'vitest';
import type { Operation } from '../../contract/operation.ts';
import { identityOperations } from '../../contract/operations.ts';
import { needsOf } from './needs.ts';

const contract: Record<string, Operation> = identityOperations;
const role = 'arn:aws:iam::123456789012:role/team/loader';
const scope = { account: '123456789012', region: 'us-east-1', identity: role };

const shown = (name: string, input: object, where: Parameters<typeof needsOf>[2] = scope) => {
  const operation = contract[name];
  if (!operation) throw new Error(`There is no ${name}.`);
  return needsOf(operation, { ...input }, where).map(({ action, resource }) => `${action} ${resource}`);
};

const policyArn = 'arn:aws:iam::aws:policy/AmazonS3FullAccess';

it.each([
  ['GetCallerIdentity', {}, []],
  ['CreateRole', { roleName: 'loader' }, [`iam:CreateRole ${role}`]],
  [
    'CreateRole',
    { roleName: 'loader', tags: [{ key: 'team', value: 'films' }] },
    [`iam:CreateRole ${role}`, `iam:TagRole ${role}`],
  ],
  ['AttachRolePolicy', { roleName: 'loader', policyArn }, [`iam:AttachRolePolicy ${role}`]],
  ['GetPolicy', { policyArn }, [`iam:GetPolicy ${policyArn}`]],
  ['ListManagedPolicies', {}, ['iam:ListPolicies *']],
  ['ListRoles', {}, ['iam:ListRoles *']],
])('%s with %j needs %j', (name, input, expected) => {
  expect(shown(name, input)).toEqual(expected);
});

it('of an operation on the caller asks for everything where that is no user', () => {
  const { identity: _, ...where } = scope;
  expect(shown('CreateAccessKey', {}, where)).toEqual(['iam:CreateAccessKey *']);
});

it('tells conditions which policy is given to whom, and which tags', () => {
  const [need] = needsOf(identityOperations.AttachRolePolicy, { roleName: 'loader', policyArn }, scope);
  expect(Object.fromEntries(need?.keys ?? [])).toEqual({ 'iam:policyarn': [policyArn] });
  const tags = [{ key: 'Team', value: 'films' }];
  const [created] = needsOf(identityOperations.CreateRole, { tags, permissionsBoundary: policyArn }, scope);
  expect(Object.fromEntries(created?.keys ?? [])).toEqual({
    'iam:permissionsboundary': [policyArn],
    'aws:requesttag/team': ['films'],
    'aws:tagkeys': ['Team'],
  });
});
