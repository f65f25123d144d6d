import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPostgres } from '../../../test/support/postgres.ts';
import { type OpenDatabase, openDatabase } from '../../data/database/database.ts';
import { deleteAccount } from '../principals/delete-account.ts';
import type { PrincipalsChange } from '../principals/principals-change.ts';
import { principalsChange } from '../principals/principals-change.ts';
import { PolicyStore } from './policy-store.ts';
import { PolicyVersions } from './policy-versions.ts';

const postgres = await startPostgres();
afterAll(() => postgres?.stop());
const databases = [
  { name: 'SQLite', open: () => openDatabase({ file: ':memory:' }) },
  ...(postgres
    ? [{ name: 'PostgreSQL', open: async () => openDatabase({ url: await postgres.freshDatabase() }) }]
    : []),
];

const account = '123456789012';
const allowing = (action: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: action, Resource: '*' } });

describe.each(databases)('versions of a policy on $name', ({ open }) => {
  let opened: OpenDatabase;
  let change: PrincipalsChange;
  let policies: PolicyStore;
  let versions: PolicyVersions;
  let arn: string;
  let now = 1;
  beforeEach(async () => {
    opened = await open();
    change = principalsChange({ database: opened.database, now: () => now++ });
    policies = new PolicyStore(opened.database, change);
    versions = new PolicyVersions(opened.database, change);
    arn = (await policies.create({ account, name: 'films', document: allowing('s3:GetObject') })).arn;
  });
  afterEach(() => opened.close());

  const add = (action: string, inForce = false) => versions.create({ arn, document: allowing(action), inForce });
  const numbers = async () =>
    (await versions.list(arn)).map(({ number, isInForce }) => `${number}${isInForce ? '!' : ''}`);
  const document = async () => (await policies.listPolicies(account))[0]?.document;

  it('are kept with their numbers and times, and one of them is in force', async () => {
    await add('s3:PutObject');
    expect([await numbers(), await document()]).toEqual([['2', '1!'], allowing('s3:GetObject')]);
    await add('s3:*', true);
    expect([await numbers(), await document()]).toEqual([['3!', '2', '1'], allowing('s3:*')]);
    const before = await versions.list(arn);
    await versions.putInForce(arn, 1);
    expect([await numbers(), await document()]).toEqual([['3', '2', '1!'], allowing('s3:GetObject')]);
    const after = await versions.list(arn);
    const facts = (all: typeof after) => all.map(({ isInForce: _, ...version }) => version);
    expect(facts(after)).toEqual(facts(before));
  });

  it('go, but for the one in force, and no number comes again', async () => {
    await add('s3:PutObject');
    await expect(versions.delete(arn, 1)).rejects.toThrow('Cannot delete the default version of a policy.');
    await versions.delete(arn, 2);
    await expect(versions.delete(arn, 2)).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await add('s3:*');
    expect(await numbers()).toEqual(['3', '1!']);
  });

  it('are five at most, and documents in order', async () => {
    for (const action of ['a:1', 'a:2', 'a:3', 'a:4']) await add(action);
    await expect(add('a:5')).rejects.toMatchObject({ code: 'LimitExceededException' });
    await expect(add('nonsense')).rejects.toThrow('MalformedPolicyDocument');
    expect(await numbers()).toEqual(['5', '4', '3', '2', '1!']);
  });

  it('go with their policy, and with its account', async () => {
    await add('s3:PutObject');
    await policies.delete(arn);
    expect(await opened.database.selectFrom('policy_versions').selectAll().execute()).toEqual([]);
    await change(async (trx) => {
      await trx.insertInto('accounts').values({ id: account, name: '', created_at: 1 }).execute();
    });
    await policies.create({ account, name: 'films', document: allowing('s3:GetObject') });
    await add('s3:PutObject');
    await deleteAccount({ change, dialect: opened.dialect }, account);
    expect(await opened.database.selectFrom('policy_versions').selectAll().execute()).toEqual([]);
  });
});
