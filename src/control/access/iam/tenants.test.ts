import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PolicyStore } from '../../../access/authorisation/policy-store.ts';
import { PolicyVersions } from '../../../access/authorisation/policy-versions.ts';
import { OidcProviderStore } from '../../../access/principals/oidc-provider-store.ts';
import { PrincipalStore } from '../../../access/principals/principal-store.ts';
import { principalsChange } from '../../../access/principals/principals-change.ts';
import { RoleStore } from '../../../access/principals/role-store.ts';
import { makeSecretKey } from '../../../access/principals/secret-key.ts';
import { type OperationName, operations } from '../../../contract/operations.ts';
import { validate } from '../../../contract/validate.ts';
import { type OpenDatabase, openDatabase } from '../../../data/database/database.ts';
import { createDispatch, type Dispatch } from '../../dispatch.ts';
import { withIamErrors } from './iam-errors.ts';
import { iamHandlers } from './iam-handlers.ts';

const [ada, bob] = ['111111111111', '222222222222'];
const document = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' },
});
const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { Service: 'personalize.amazonaws.com' }, Action: 'sts:AssumeRole' },
});

let folder: string;
let opened: OpenDatabase;
let dispatch: Dispatch;
/** What ada has, by the member of an input that names it, beside the same of nobody's. */
let named: Readonly<Record<string, { readonly hers: string; readonly nobodys: string }>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'iam-tenants-'));
  opened = await openDatabase({ file: join(folder, 'database') });
  const { database } = opened;
  const secretKey = () => makeSecretKey(join(folder, 'key'));
  const now = () => Date.UTC(2026, 10, 30);
  const change = principalsChange({ database, now });
  const principals = new PrincipalStore({ database, secretKey, change });
  for (const account of [ada, bob]) await principals.createAccount({ account });
  const policies = new PolicyStore(database, change);
  const stores = { roles: new RoleStore(database, change), policies, versions: new PolicyVersions(database, change) };
  const providers = new OidcProviderStore(database, change);
  dispatch = withIamErrors(createDispatch([iamHandlers({ database, change, principals, providers, now, ...stores })]));
  named = await furnish();
});
afterAll(async () => {
  await opened.close();
  await rm(folder, { recursive: true });
});

const callerOf = (account: string) => ({ account, region: 'us-east-1', accessKeyId: 'any', requestId: 'any' });

async function call(account: string, name: OperationName, input: object): Promise<unknown> {
  return await dispatch(name, validate(name, input), callerOf(account));
}

async function furnish() {
  const asAda = callerOf(ada);
  const of = { roleName: 'hers', assumeRolePolicyDocument: trust };
  const { role } = await dispatch('CreateRole', of, asAda);
  const { policy } = await dispatch('CreatePolicy', { policyName: 'hers', policyDocument: document }, asAda);
  await call(ada, 'AttachRolePolicy', { roleName: 'hers', policyArn: policy.arn });
  await call(ada, 'PutRolePolicy', { roleName: 'hers', policyName: 'own', policyDocument: document });
  await call(ada, 'CreateUser', { userName: 'hers', tags: [{ key: 'team', value: 'films' }] });
  await call(ada, 'AttachUserPolicy', { userName: 'hers', policyArn: policy.arn });
  const { accessKey } = await dispatch('CreateAccessKey', { userName: 'hers' }, asAda);
  const issuer = { url: 'https://login.example.com/hers' };
  const { openIDConnectProviderArn } = await dispatch('CreateOpenIDConnectProvider', issuer, asAda);
  await call(bob, 'CreateRole', { ...of, roleName: 'his' });
  await call(bob, 'CreateUser', { userName: 'his' });
  const other = (text: string) => ({ hers: text, nobodys: text.replace(/hers$/, 'none') });
  return {
    roleName: other('hers'),
    userName: other('hers'),
    policyArn: other(policy.arn),
    permissionsBoundary: other(policy.arn),
    policySourceArn: other(role.arn),
    openIDConnectProviderArn: other(openIDConnectProviderArn),
    accessKeyId: { hers: accessKey.accessKeyId, nobodys: 'AKIAAAAAAAAAAAAAAAAA' },
  };
}

/** All else that inputs need, of bob's own. */
const usual: Readonly<Record<string, unknown>> = {
  ...{ roleName: 'his', userName: 'his', policyName: 'own', policyDocument: document, versionId: 'v1' },
  ...{ assumeRolePolicyDocument: trust, description: 'd', tags: [{ key: 'a', value: 'b' }], tagKeys: ['team'] },
  ...{
    policyArn: 'arn:aws:iam::aws:policy/AmazonS3FullAccess',
    status: 'Inactive',
    permissionsBoundary: 'arn:aws:iam::aws:policy/AmazonS3FullAccess',
  },
  ...{ clientID: 'app', thumbprintList: [], accessKeyId: 'AKIAAAAAAAAAAAAAAAAA', actionNames: ['s3:GetObject'] },
};

async function answer(name: OperationName, input: object): Promise<string> {
  try {
    return JSON.stringify(await call(bob, name, input));
  } catch (error) {
    return String(error);
  }
}

const names = Object.values(operations).flatMap(({ name, service }) => (service === 'iam' ? [name] : []));

async function rowsOf(account: string): Promise<string> {
  const { database } = opened;
  const holders = [
    ...(await database.selectFrom('users').selectAll().where('account', '=', account).execute()),
    ...(await database.selectFrom('roles').selectAll().where('account', '=', account).execute()),
  ];
  const ids = holders.map(({ id }) => id);
  const attached = database.selectFrom('policy_attachments').selectAll().where('holder', 'in', ids);
  return JSON.stringify([
    holders,
    await database.selectFrom('policies').selectAll().where('account', '=', account).execute(),
    await database.selectFrom('access_keys').selectAll().where('account', '=', account).execute(),
    await database.selectFrom('oidc_providers').selectAll().where('account', '=', account).execute(),
    await attached.orderBy('policy_arn').execute(),
    await database.selectFrom('inline_policies').selectAll().where('holder', 'in', ids).execute(),
    await database.selectFrom('principal_tags').selectAll().where('holder', 'in', ids).execute(),
  ]);
}

it('answers what names things of another account as what names nothing, and changes nothing there', async () => {
  const before = await rowsOf(ada);
  const asked: string[] = [];
  for (const name of names) {
    const members = Object.keys(operations[name].input.properties);
    for (const member of members) {
      const texts = named[member];
      // Two accounts may have things of one name.
      if (texts === undefined || (name.startsWith('Create') && member.endsWith('Name'))) continue;
      const own = name === 'UpdateAssumeRolePolicy' ? { ...usual, policyDocument: trust } : usual;
      const others = Object.fromEntries(members.map((each) => [each, own[each]]));
      const foreign = await answer(name, { ...others, [member]: texts.hers });
      const missing = await answer(name, { ...others, [member]: texts.nobodys });
      const withoutNames = (text: string) => text.replaceAll(texts.hers, '…').replaceAll(/\bhers\b/g, '…');
      const nobodys = missing.replaceAll(texts.nobodys, '…').replaceAll(/\bnone\b/g, '…');
      expect(withoutNames(foreign), `${name} with ${member}`).toBe(nobodys);
      expect(foreign, `${name} with ${member}`).toMatch(/^NoSuchEntityException: /);
      asked.push(`${name} ${member}`);
    }
  }
  expect(asked.length).toBeGreaterThan(50);
  expect(asked).toContain('AttachRolePolicy policyArn');
  expect(asked).toContain('DeleteAccessKey accessKeyId');
  expect(await rowsOf(ada)).toBe(before);
});

it('lists and counts nothing of another account', async () => {
  for (const name of names.filter((each) => each.startsWith('List'))) {
    const members = Object.keys(operations[name].input.properties);
    const said = await answer(name, Object.fromEntries(members.map((each) => [each, usual[each]])));
    expect(said, name).not.toContain(ada);
    expect(said, name).not.toContain('hers');
  }
  expect(await answer('GetAccountSummary', {})).toContain('"Users":1,"Groups":0,"Roles":1,"Policies":0,"Providers":0');
});

it('simulates nothing of what another account has, nor by other policies than its own', async () => {
  const { user } = await dispatch('GetUser', { userName: 'his' }, callerOf(bob));
  const policyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: ['sts:AssumeRole', 's3:*'], Resource: '*' },
  });
  await call(bob, 'PutUserPolicy', { userName: 'his', policyName: 'all', policyDocument });
  const simulated = (resourceArn: string, more: object = {}) =>
    answer('SimulatePrincipalPolicy', {
      ...{ policySourceArn: user.arn, actionNames: ['sts:AssumeRole'], resourceArns: [resourceArn] },
      ...more,
    });
  const { hers = '', nobodys = '' } = named.policySourceArn ?? {};
  const of = (resource: string, decision: string) => ({
    ...{ evalActionName: 'sts:AssumeRole', evalResourceName: resource, evalDecision: decision },
    matchedStatements: decision === 'allowed' ? [{ sourcePolicyId: 'all', sourcePolicyType: 'user' }] : [],
  });
  for (const [resource, decision] of [
    [hers, 'implicitDeny'],
    [nobodys, 'implicitDeny'],
    ['arn:aws:s3:::films', 'allowed'],
  ] as const) {
    const { evaluationResults } = JSON.parse(await simulated(resource));
    expect(evaluationResults).toEqual([of(resource, decision)]);
  }
  const own = { callerArn: user.arn, resourceOwner: `arn:aws:iam::${bob}:root` };
  expect(await simulated('*', own)).toContain('allowed');
  const elsewhere = {
    ...{ policyInputList: [document], permissionsBoundaryPolicyInputList: [document], resourcePolicy: document },
    ...{ policyExclusionList: [{}], resourceHandlingOption: 'EC2-VPC-EBS', callerArn: hers },
    resourceOwner: `arn:aws:iam::${ada}:root`,
  };
  for (const [name, value] of Object.entries(elsewhere)) {
    expect(await simulated('*', { [name]: value }), name).toMatch(
      /^InvalidInputException: .* is not available in this version/,
    );
  }
});
