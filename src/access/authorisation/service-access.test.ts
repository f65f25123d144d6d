import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from '../../data/database/database.ts';
import { documentOf } from '../policies/decision.fixture.ts';
import { setBoundary } from '../principals/boundaries.ts';
import type { PrincipalsChange } from '../principals/principals-change.ts';
import { RoleStore } from '../principals/role-store.ts';
import { PolicyStore } from './policy-store.ts';
import { decideForService, type ServiceQuestion } from './service-access.ts';

const account = '123456789012';
const roleArn = `arn:aws:iam::${account}:role/importer`;
const job = `arn:aws:personalize:eu-west-1:${account}:dataset-import-job/films`;
const object = 'arn:aws:s3:::films/a.csv';
const as = `User: arn:aws:sts::${account}:assumed-role/importer/PersonalizeService is not authorized to perform:`;

const trustOf = (Condition: object, Service = 'personalize.amazonaws.com') =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole', Condition },
  });
const trustOfGuide = trustOf({
  StringEquals: { 'aws:SourceAccount': account },
  ArnLike: { 'aws:SourceArn': `arn:aws:personalize:*:${account}:*` },
});

let opened: OpenDatabase;
let change: PrincipalsChange;
let roles: RoleStore;
let policies: PolicyStore;

beforeEach(async () => {
  opened = await openDatabase({ file: ':memory:' });
  const { database } = opened;
  change = (work) => database.transaction().execute((trx) => work(trx, 0));
  roles = new RoleStore(database, change);
  policies = new PolicyStore(database, change);
  await database.insertInto('accounts').values({ id: account, name: '', created_at: 1 }).execute();
  await roles.create({ account, name: 'importer', trustPolicy: trustOfGuide });
  const document = documentOf({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::films/*' });
  await policies.putInline({ account, role: 'importer', name: 'films', document });
});
afterEach(() => opened.close());

/** `allowed`, or why not. */
async function outcome(question: Partial<ServiceQuestion> = {}): Promise<string> {
  const asked = { roleArn, source: { account, arn: job }, action: 's3:GetObject', resource: object, ...question };
  const decision = await decideForService({ database: opened.database, now: () => 0 }, asked);
  return decision.allowed ? 'allowed' : decision.sentence;
}

it('lets the service do what the policies of the role allow, and names what they do not', async () => {
  expect(await outcome()).toBe('allowed');
  expect(await outcome({ resource: 'arn:aws:s3:::books/a.csv' })).toBe(
    `${as} s3:GetObject on resource: arn:aws:s3:::books/a.csv because no identity-based policy allows the ` +
      's3:GetObject action.',
  );
  const of = { account, role: 'importer' };
  await policies.putInline({ ...of, name: 'not', document: documentOf({ Effect: 'Deny' }) });
  expect(await outcome()).toBe(
    `${as} s3:GetObject on resource: ${object} with an explicit deny in an identity-based policy.`,
  );
  await policies.deleteInline({ ...of, name: 'not' });
  await policies.put({ account, name: 'most', document: documentOf({ Action: 'kms:*' }) });
  await setBoundary(change, { ...of, policy: 'most' });
  expect(await outcome()).toContain('because no permissions boundary allows the s3:GetObject action');
});

it('reads what the request has of conditions', async () => {
  const Condition = { StringLike: { 's3:prefix': 'in/*' }, ArnEquals: { 'aws:PrincipalArn': roleArn } };
  const document = documentOf({ Action: 's3:ListBucket', Condition });
  await policies.putInline({ account, role: 'importer', name: 'list', document });
  const asked = { action: 's3:ListBucket', resource: 'arn:aws:s3:::films' };
  expect(await outcome({ ...asked, keys: { 's3:prefix': 'in/a' } })).toBe('allowed');
  expect(await outcome({ ...asked, keys: { 's3:prefix': 'out/a' } })).toContain('is not authorized');
});

it('holds the service to the trust policy of the role', async () => {
  const refused =
    `User: personalize.amazonaws.com is not authorized to perform: sts:AssumeRole on resource: ${roleArn} because no ` +
    'resource-based policy allows the sts:AssumeRole action.';
  const trust = (document: string) => roles.putTrust({ account, name: 'importer', document });
  await trust(trustOf({ StringEquals: { 'aws:SourceAccount': '999999999999' } }));
  expect(await outcome()).toBe(refused);
  await trust(trustOf({ ArnLike: { 'aws:SourceArn': `arn:aws:personalize:*:${account}:campaign/*` } }));
  expect(await outcome()).toBe(refused);
  await trust(trustOf({}, 'ec2.amazonaws.com'));
  expect(await outcome()).toBe(refused);
  await trust(trustOf({}));
  expect(await outcome()).toBe('allowed');
});

it('knows no roles of other accounts, and none that are not there', async () => {
  const stranger = { account: '999999999999', arn: job.replace(account, '999999999999') };
  expect(await outcome({ source: stranger })).toContain('Cross-account pass role is not allowed');
  for (const gone of [`${roleArn}2`, `arn:aws:iam::${account}:role/path/importer`, 'importer']) {
    expect(await outcome({ roleArn: gone })).toBe(`The role ${gone} does not exist.`);
  }
});
