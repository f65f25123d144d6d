import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPostgres } from '../../../test/support/postgres.ts';
import { type OpenDatabase, openDatabase } from '../../data/database/database.ts';
import { contextOf } from '../policies/context.ts';
import { documentOf } from '../policies/decision.fixture.ts';
import { decide } from '../policies/decision.ts';
import { managedPolicies } from '../policies/managed-policies.ts';
import { RoleStore } from '../principals/role-store.ts';
import { type AccessQuestion, explainAccess } from './explain-access.ts';
import { HeldPolicies } from './held-policies.ts';
import { forgetHolder, PolicyStore } from './policy-store.ts';

const account = '123456789012';
const ann = { account, user: 'ann' };
const films = `arn:aws:personalize:eu-west-1:${account}:campaign/films`;
const full = managedPolicies[0]?.arn ?? '';

const postgres = await startPostgres();
afterAll(() => postgres?.stop());
const databases = [
  { name: 'SQLite', open: () => openDatabase({ file: ':memory:' }) },
  ...(postgres
    ? [{ name: 'PostgreSQL', open: async () => openDatabase({ url: await postgres.freshDatabase() }) }]
    : []),
];

let opened: OpenDatabase;
let store: PolicyStore;

/** Whether Ann may describe a campaign, by what a server holds in memory. */
async function mayDescribe(held = new HeldPolicies(() => {})): Promise<boolean> {
  await held.refresh(opened.database);
  const request = { action: 'personalize:DescribeCampaign', resource: films, context: contextOf({}) };
  const { policies } = held.rightsOf({ kind: 'user', account, arn: '', name: 'ann', id: 'AIDAANN' });
  return policies !== undefined && decide(policies, request).allowed;
}

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe.each(databases)('on $name', ({ open }) => {
  beforeEach(async () => {
    opened = await open();
    const { database } = opened;
    store = new PolicyStore(database, (work) => database.transaction().execute((trx) => work(trx, 5)));
    await database.insertInto('users').values({ id: 'AIDAANN', account, name: 'ann', created_at: 1 }).execute();
  });
  afterEach(() => opened.close());

  describe('a user', () => {
    it('may do nothing without policies', async () => {
      expect(await mayDescribe()).toBe(false);
      expect(await store.list(ann)).toEqual({ attached: [], inline: [] });
    });

    it('may do what an attached policy allows, until it is detached', async () => {
      expect(await store.attach({ ...ann, policy: 'AmazonPersonalizeFullAccess' })).toBe(full);
      expect(await mayDescribe()).toBe(true);
      expect((await store.list(ann)).attached).toMatchObject([{ name: 'AmazonPersonalizeFullAccess', arn: full }]);
      await store.attach({ ...ann, policy: full }); // once more is no error
      await store.detach({ ...ann, policy: full });
      expect(await mayDescribe()).toBe(false);
      expect(await refusal(store.detach({ ...ann, policy: full }))).toContain('ResourceNotFoundException');
    });

    it('may do what a policy of its own allows, until it is taken away', async () => {
      await store.putInline({ ...ann, name: 'own', document: documentOf({ Action: 'iam:*' }) });
      expect(await mayDescribe()).toBe(false);
      await store.putInline({ ...ann, name: 'own', document: documentOf({}) });
      expect(await mayDescribe()).toBe(true);
      await store.putInline({ ...ann, name: 'not', document: documentOf({ Effect: 'Deny' }) });
      expect(await mayDescribe()).toBe(false);
      await store.deleteInline({ ...ann, name: 'not' });
      expect(await mayDescribe()).toBe(true);
      expect((await store.list(ann)).inline).toEqual([{ name: 'own', document: documentOf({}) }]);
    });

    it('may do what policies of the account allow that are attached to it', async () => {
      const arn = await store.put({ account, name: 'readers', document: documentOf({ Action: 'personalize:*' }) });
      expect(arn).toBe(`arn:aws:iam::${account}:policy/readers`);
      await store.attach({ ...ann, policy: 'readers' });
      expect(await mayDescribe()).toBe(true);
      expect(await refusal(store.delete(arn))).toContain('ResourceInUseException');
      await store.put({ account, name: 'readers', document: documentOf({ Action: 'personalize:List*' }) });
      expect(await mayDescribe()).toBe(false);
      await store.detach({ ...ann, policy: arn });
      await store.delete(arn);
      expect(await store.listPolicies(account)).toEqual([]);
    });

    it('leaves no policies behind', async () => {
      await store.attach({ ...ann, policy: full });
      await store.putInline({ ...ann, name: 'own', document: documentOf({}) });
      await forgetHolder(opened.database, 'AIDAANN');
      expect(await store.list(ann)).toEqual({ attached: [], inline: [] });
    });

    it('has at most 50 policies', async () => {
      for (let n = 0; n < 50; n++) await store.putInline({ ...ann, name: `p${n}`, document: documentOf({}) });
      expect(await refusal(store.attach({ ...ann, policy: full }))).toContain('at most 50 policies');
      expect((await store.list(ann)).attached).toEqual([]);
    });

    it('may do nothing while one of its policies cannot be read', async () => {
      await store.attach({ ...ann, policy: full });
      const document = '{"Version":"2030-01-01"}';
      await opened.database
        .insertInto('inline_policies')
        .values({ holder: 'AIDAANN', name: 'new', document })
        .execute();
      const errors: unknown[] = [];
      expect(await mayDescribe(new HeldPolicies((error) => errors.push(error)))).toBe(false);
      expect(errors).toHaveLength(1);
    });
  });

  it('gives temporary credentials what their role may do, within their session policy', async () => {
    const attachments = opened.database.insertInto('policy_attachments');
    await attachments.values({ holder: 'AROAAPP', policy_arn: full }).execute();
    const held = new HeldPolicies(() => {});
    await held.refresh(opened.database);
    const arn = `arn:aws:sts::${account}:assumed-role/app/one`;
    const roleArn = `arn:aws:iam::${account}:role/app`;
    const of = { account, arn, role: 'app', roleArn, session: 'one', id: 'AROAAPP:one', issuedAt: 0 };
    const may = (document?: string, policyArns: readonly string[] = []) => {
      const limits = { documents: document === undefined ? [] : [document], policyArns };
      const { policies, principalArn } = held.rightsOf({ kind: 'session', ...of, ...(document && { limits }) });
      expect(principalArn).toBe(roleArn);
      const request = { action: 'personalize:DescribeCampaign', resource: films, context: contextOf({}) };
      return policies !== undefined && decide(policies, request).allowed;
    };
    expect(may()).toBe(true);
    expect(may(documentOf({ Action: 'personalize:Describe*' }))).toBe(true);
    expect(may(documentOf({ Action: 'personalize:List*' }))).toBe(false);
    expect(may('{}')).toBe(false);
    expect(may(documentOf({ Action: 'personalize:List*' }), [full])).toBe(true);
    expect(may(documentOf({ Effect: 'Deny' }), [full])).toBe(false);
    expect(may(documentOf({}), [`arn:aws:iam::${account}:policy/gone`])).toBe(false);
  });

  describe('a policy is refused', () => {
    it.each([
      [
        'with a malformed document',
        () => store.putInline({ ...ann, name: 'a', document: documentOf({ Action: 'x' }) }),
        'InvalidInputException: MalformedPolicyDocument: Statement[0].Action: ',
      ],
      [
        'with an odd name',
        () => store.put({ account, name: 'a b', document: documentOf({}) }),
        'InvalidInputException: The name of a policy',
      ],
      [
        'for an unknown user',
        () => store.attach({ account, user: 'bob', policy: full }),
        `ResourceNotFoundException: Resource Arn arn:aws:iam::${account}:user/bob does not exist.`,
      ],
      [
        'for a user of another account',
        () => store.attach({ account: '999999999999', user: 'ann', policy: full }),
        'ResourceNotFoundException',
      ],
      [
        'that is not there',
        () => store.attach({ ...ann, policy: 'none' }),
        `ResourceNotFoundException: Resource Arn arn:aws:iam::${account}:policy/none does not exist.`,
      ],
      [
        'that another account has',
        () => store.attach({ ...ann, policy: 'arn:aws:iam::999999999999:policy/theirs' }),
        'ResourceNotFoundException',
      ],
    ])('%s', async (_what, change, message) => {
      await store.put({ account: '999999999999', name: 'theirs', document: documentOf({}) });
      expect(await refusal(change())).toContain(message);
    });
  });

  describe('an explanation', () => {
    const user = `arn:aws:iam::${account}:user/ann`;
    const ask = (question: Partial<AccessQuestion>) =>
      explainAccess(
        {
          database: opened.database,
          tagsOf: async (arn) => (arn === films ? [{ key: 'team', value: 'films' }] : []),
          now: () => 0,
        },
        { principal: user, action: 'personalize:DescribeCampaign', resource: films, ...question },
      );

    it('says what a caller is told, and why', async () => {
      const Condition = {
        StringEquals: { 'aws:ResourceTag/team': 'films' },
        IpAddress: { 'aws:SourceIp': '10.0.0.0/8' },
      };
      await store.putInline({ ...ann, name: 'own', document: documentOf({ Sid: 'Team', Condition }) });
      const near = [{ key: 'aws:SourceIp', value: '10.0.0.7' }];
      expect(await ask({ keys: near })).toEqual({
        allowed: true,
        statements: [expect.objectContaining({ policy: 'own', statement: 'Team', applies: true, because: [] })],
      });
      const message =
        `User: ${user} is not authorized to perform: personalize:DescribeCampaign on resource: ${films} ` +
        'because no identity-based policy allows the personalize:DescribeCampaign action';
      expect(await ask({})).toMatchObject({
        allowed: false,
        message,
        statements: [{ because: ['IpAddress aws:SourceIp "10.0.0.0/8" does not hold: the request has no such key.'] }],
      });
      expect((await ask({ keys: near, resource: `${films}-2` })).allowed).toBe(false);
    });

    it('says of a role who may assume it, and why', async () => {
      const roles = new RoleStore(opened.database, (work) =>
        opened.database.transaction().execute((trx) => work(trx, 5)),
      );
      await opened.database.insertInto('accounts').values({ id: account, name: '', created_at: 1 }).execute();
      const trusts = (Principal: object, Condition: object = {}) =>
        JSON.stringify({
          Version: '2012-10-17',
          Statement: { Effect: 'Allow', Principal, Action: 'sts:AssumeRole', Condition },
        });
      const { arn: resource } = await roles.create({ account, name: 'app', trustPolicy: trusts({ AWS: account }) });
      const about = { action: 'sts:AssumeRole', resource };
      expect((await ask(about)).message).toContain('because no identity-based policy allows the sts:AssumeRole action');
      await store.putInline({ ...ann, name: 'own', document: documentOf({ Action: 'sts:AssumeRole' }) });
      expect(await ask(about)).toMatchObject({
        allowed: true,
        statements: [
          { policyType: 'resource-based policy', policy: 'the trust policy', applies: true },
          { policyType: 'identity-based policy', policy: 'own', applies: true },
        ],
      });
      expect(await ask({ ...about, principal: `arn:aws:iam::${account}:root` })).toMatchObject({ allowed: true });
      expect(await ask({ ...about, principal: resource })).toMatchObject({ allowed: false });
      const document = trusts({ AWS: `arn:aws:iam::${account}:user/bob` }, { StringEquals: { 'sts:ExternalId': 'a' } });
      await roles.putTrust({ account, name: 'app', document });
      expect((await ask(about)).statements[0]?.because).toEqual([
        'Principal does not cover the one who asks.',
        'StringEquals sts:ExternalId "a" does not hold: the request has no such key.',
      ]);
    });

    it('knows the root of an account, and the bounds of accounts', async () => {
      const root = `arn:aws:iam::${account}:root`;
      expect(await ask({ principal: root })).toEqual({ allowed: true, statements: [] });
      const foreign = films.replace(account, '999999999999');
      expect((await ask({ principal: root, resource: foreign })).message).toContain('no resource-based policy allows');
    });

    it('is refused for whom the server does not know', async () => {
      expect(await refusal(ask({ principal: `${user}2` }))).toContain('ResourceNotFoundException');
      expect(await refusal(ask({ principal: 'ann' }))).toContain('InvalidInputException: ann is neither a user');
    });
  });
});
