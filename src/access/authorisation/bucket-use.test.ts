import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from '../../data/database/database.ts';
import { documentOf } from '../policies/decision.fixture.ts';
import type { PrincipalsChange } from '../principals/principals-change.ts';
import { RoleStore } from '../principals/role-store.ts';
import type { BucketOwner } from './bucket-owners.ts';
import { type BucketUse, decideBucketUse } from './bucket-use.ts';
import { PolicyStore } from './policy-store.ts';

const account = '123456789012';
const other = '222222222222';
const roleArn = `arn:aws:iam::${account}:role/importer`;
const source = { account, arn: `arn:aws:personalize:eu-west-1:${account}:dataset-import-job/films` };

let opened: OpenDatabase;
let owners: Record<string, BucketOwner>;

beforeEach(async () => {
  opened = await openDatabase({ file: ':memory:' });
  const { database } = opened;
  const change: PrincipalsChange = (work) => database.transaction().execute((trx) => work(trx, 0));
  await database.insertInto('accounts').values({ id: account, name: '', created_at: 1 }).execute();
  const service = { Service: 'personalize.amazonaws.com' };
  const trust = { Effect: 'Allow', Principal: service, Action: 'sts:AssumeRole' };
  const trustPolicy = JSON.stringify({ Version: '2012-10-17', Statement: trust });
  await new RoleStore(database, change).create({ account, name: 'importer', trustPolicy });
  const document = documentOf({ Action: 's3:*', Resource: ['arn:aws:s3:::films', 'arn:aws:s3:::films/*'] });
  await new PolicyStore(database, change).putInline({ account, role: 'importer', name: 'films', document });
  owners = {};
});
afterEach(() => opened.close());

const policyOf = (effect: string, principal: object | string, condition: object = {}) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      ...{ Effect: effect, Principal: principal, Action: 's3:GetObject', Resource: 'arn:aws:s3:::films/*' },
      Condition: condition,
    },
  });

/** `allowed`, or why the service may not read `a.csv` of a bucket. */
async function outcome(bucket: string, use: Partial<BucketUse> = {}): Promise<string> {
  const parts = { database: opened.database, now: () => 0, ownerOf: async (name: string) => owners[name] };
  const question = { bucket, action: 's3:GetObject', key: 'a.csv', keys: {} };
  const decision = await decideBucketUse(parts)({ roleArn, source, ...use }, question);
  return decision.allowed ? 'allowed' : decision.sentence;
}

it('needs the role to allow it, in a bucket of its account and where the owner is not known', async () => {
  owners.books = { account, policy: undefined };
  expect(await outcome('films')).toBe('allowed');
  expect(await outcome('books')).toBe(
    `User: arn:aws:sts::${account}:assumed-role/importer/PersonalizeService is not authorized to perform: ` +
      's3:GetObject on resource: arn:aws:s3:::books/a.csv because no identity-based policy allows the s3:GetObject ' +
      'action.',
  );
});

it('needs the bucket of another account to name the role, its account or the service', async () => {
  const names = [{ AWS: roleArn }, { AWS: account }, { Service: 'personalize.amazonaws.com' }, '*'];
  for (const name of names) {
    owners.films = { account: other, policy: policyOf('Allow', name) };
    expect(await outcome('films'), JSON.stringify(name)).toBe('allowed');
  }
  for (const policy of [undefined, policyOf('Allow', { AWS: '333333333333' }), 'no policy']) {
    owners.films = { account: other, policy };
    expect(await outcome('films'), policy).toMatch(/role\/importer is not authorized .* resource-based policy/);
  }
});

it('heeds what the bucket denies, and the resource that the service works for', async () => {
  owners.films = { account, policy: policyOf('Deny', { Service: 'personalize.amazonaws.com' }) };
  expect(await outcome('films')).toContain('with an explicit deny in a resource-based policy');
  const condition = { ArnLike: { 'aws:SourceArn': `arn:aws:personalize:*:${account}:dataset-import-job/f*` } };
  owners.films = { account: other, policy: policyOf('Allow', '*', condition) };
  expect(await outcome('films')).toBe('allowed');
  expect(await outcome('films', { source: { account, arn: source.arn.replace('films', 'books') } })).toContain(
    'no res',
  );
});

it('uses no bucket without a role, not even one of the account', async () => {
  owners.films = { account, policy: policyOf('Allow', '*') };
  expect(await outcome('films', { roleArn: undefined })).toBe(
    `${source.arn} has no role: create it again with a roleArn that may s3:GetObject on arn:aws:s3:::films/a.csv.`,
  );
});
