import { sql } from 'kysely';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPostgres } from '../../../test/support/postgres.ts';
import { type Database, type OpenDatabase, openDatabase } from '../../data/database/database.ts';
import { lockAccount } from '../../data/database/dialect.ts';
import { HeldPolicies } from '../authorisation/held-policies.ts';
import { PolicyStore } from '../authorisation/policy-store.ts';
import { contextOf } from '../policies/context.ts';
import { documentOf } from '../policies/decision.fixture.ts';
import { decide } from '../policies/decision.ts';
import { setBoundary } from './boundaries.ts';
import { deleteAccount } from './delete-account.ts';
import { OidcProviderStore } from './oidc-provider-store.ts';
import { PrincipalStore } from './principal-store.ts';
import { addTagsTo, removeTags, tagsOfHolder } from './principal-tags.ts';
import type { PrincipalsChange } from './principals-change.ts';
import { RoleStore } from './role-store.ts';
import { SecretKey } from './secret-key.ts';

const account = '123456789012';
const importer = { account, name: 'importer' };
const trustPolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { Service: 'personalize.amazonaws.com' }, Action: 'sts:AssumeRole' },
});
const films = `arn:aws:personalize:eu-west-1:${account}:campaign/films`;

const postgres = await startPostgres();
afterAll(() => postgres?.stop());
const databases = [
  { name: 'SQLite', open: () => openDatabase({ file: ':memory:' }) },
  ...(postgres
    ? [{ name: 'PostgreSQL', open: async () => openDatabase({ url: await postgres.freshDatabase() }) }]
    : []),
];

let opened: OpenDatabase;
let change: PrincipalsChange;
let roles: RoleStore;
let policies: PolicyStore;

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: Error) => `${error.name}: ${error.message}`,
  );

/** Until a transaction waits for a lock that another one holds. */
const waitingForLock = (database: Database) =>
  expect
    .poll(async () => {
      const { rows } = await sql`select 1 from pg_locks where locktype = 'advisory' and not granted`.execute(database);
      return rows.length;
    })
    .toBe(1);

/** What a session of a role may do, as a server holds it. */
async function rightsOf(id: string) {
  const held = new HeldPolicies(() => {});
  await held.refresh(opened.database);
  const arn = `arn:aws:sts::${account}:assumed-role/importer/a`;
  const roleArn = `arn:aws:iam::${account}:role/importer`;
  const of = { account, arn, role: 'importer', roleArn, session: 'a', id, issuedAt: 0 };
  const { policies, principalTags } = held.rightsOf({ kind: 'session', ...of });
  const may = (action: string) => {
    const decision = policies && decide(policies, { action, resource: films, context: contextOf({}) });
    return decision?.allowed ? 'allowed' : decision?.policyType;
  };
  return { principalTags, may };
}

describe.each(databases)('on $name', ({ open }) => {
  beforeEach(async () => {
    opened = await open();
    const { database } = opened;
    change = (work) => database.transaction().execute((trx) => work(trx, 5));
    roles = new RoleStore(database, change);
    policies = new PolicyStore(database, change);
    await database.insertInto('accounts').values({ id: account, name: '', created_at: 1 }).execute();
  });
  afterEach(() => opened.close());

  it('keeps a role as it was made, until it is changed or deleted', async () => {
    const tags = [{ key: 'team', value: 'films' }];
    const made = await roles.create({ ...importer, path: '/service-role/', trustPolicy, tags, description: 'reads' });
    expect(made).toEqual({
      arn: `arn:aws:iam::${account}:role/service-role/importer`,
      id: expect.stringMatching(/^AROA[A-Z2-7]{16}$/),
      ...{ account, name: 'importer', path: '/service-role/', description: 'reads', trustPolicy, tags },
      ...{ maxSessionSeconds: 3600, boundary: undefined, createdAt: 5 },
    });
    expect(await roles.get(importer)).toEqual(made);
    await roles.update({ ...importer, maxSessionSeconds: 7200 });
    const other = trustPolicy.replace('personalize', 'other');
    await roles.putTrust({ ...importer, document: other });
    const changed = { ...made, maxSessionSeconds: 7200, trustPolicy: other };
    expect(await roles.list(account)).toEqual([changed]);
    expect(await roles.list(account, '/service-role/')).toEqual([changed]);
    expect(await roles.list(account, '/team/')).toEqual([]);
    expect(await roles.list('999999999999')).toEqual([]);
    await roles.delete(importer);
    expect(await roles.list()).toEqual([]);
  });

  it('gives a role policies, tags and a boundary, which all go with it', async () => {
    const { id } = await roles.create({ ...importer, trustPolicy, policies: ['AmazonPersonalizeFullAccess'] });
    const of = { account, role: 'importer' };
    await policies.putInline({ ...of, name: 'own', document: documentOf({ Action: 's3:*' }) });
    expect(await policies.list(of)).toMatchObject({ attached: [{}], inline: [{ name: 'own' }] });
    await change((trx) => addTagsTo(trx, id, [{ key: 'Team', value: 'a' }]));
    await change((trx) =>
      addTagsTo(trx, id, [
        { key: 'team', value: 'b' },
        { key: 'env', value: '' },
      ]),
    );
    const before = await rightsOf(id);
    expect(before.principalTags).toEqual([
      { key: 'env', value: '' },
      { key: 'team', value: 'b' },
    ]);
    expect(['s3:GetObject', 'personalize:ListCampaigns'].map(before.may)).toEqual(['allowed', 'allowed']);

    const boundary = await policies.put({ account, name: 'most', document: documentOf({ Action: 'personalize:*' }) });
    expect(await setBoundary(change, { ...of, policy: 'most' })).toBe(boundary);
    const bound = await rightsOf(id);
    expect(['s3:GetObject', 'personalize:ListCampaigns'].map(bound.may)).toEqual(['permissions boundary', 'allowed']);
    expect(await refusal(policies.delete(boundary))).toContain('is the permissions boundary of importer');
    expect(await refusal(roles.delete({ ...importer, keepsPolicies: true }))).toContain('detach them first');

    await setBoundary(change, { ...of, policy: undefined });
    await change((trx) => removeTags(trx, id, ['TEAM', 'none']));
    expect(await tagsOfHolder(opened.database, id)).toEqual([{ key: 'env', value: '' }]);
    await policies.delete(boundary);
    await roles.delete(importer);
    const gone = await rightsOf(id);
    expect([gone.may('s3:GetObject'), gone.principalTags]).toEqual(['identity-based policy', []]);
  });

  it('refuses what IAM refuses', async () => {
    await roles.create({ ...importer, trustPolicy });
    const name = 'other';
    const refusals = [
      [() => roles.create({ ...importer, trustPolicy }), `${account}:role/importer already exists`],
      [() => roles.create({ account, name, trustPolicy: documentOf({}) }), 'MalformedPolicyDocument: Statement[0]'],
      [() => roles.create({ account, name, trustPolicy, maxSessionSeconds: 900 }), 'from 3600 to 43200 seconds'],
      [() => roles.create({ account, name, trustPolicy, path: 'team' }), 'begins and ends with /'],
      [() => roles.create({ account, name, trustPolicy, boundary: 'none' }), 'policy/none does not exist'],
      [() => roles.create({ account: '999999999999', name, trustPolicy }), 'There is no account 999999999999'],
      [() => roles.create({ account, name, trustPolicy, tags: [{ key: 'aws:a', value: '' }] }), 'is reserved'],
      [
        () =>
          roles.create({
            account,
            name,
            trustPolicy,
            tags: [
              { key: 'a', value: '' },
              { key: 'A', value: '' },
            ],
          }),
        'Dupl',
      ],
      [() => roles.get({ account, name }), `role/other does not exist`],
      [() => roles.get({ account: '000000000000', name: 'importer' }), `role/importer does not exist`],
      [() => roles.delete({ account, name }), 'does not exist'],
      [() => roles.putTrust({ ...importer, document: '{}' }), 'MalformedPolicyDocument'],
    ] as const;
    for (const [call, message] of refusals) expect(await refusal(call())).toContain(message);
    expect((await roles.list()).map(({ name }) => name)).toEqual(['importer']);
  });

  it('keeps issuers of an account', async () => {
    const providers = new OidcProviderStore(opened.database, change);
    const made = await providers.create({ account, url: 'https://login.example.com/a/', clientIds: ['app'] });
    expect(made).toMatchObject({
      arn: `arn:aws:iam::${account}:oidc-provider/login.example.com/a`,
      url: 'https://login.example.com/a',
      clientIds: ['app'],
    });
    await providers.update({ arn: made.arn, clientIds: ['app', 'web'], thumbprints: ['a'.repeat(40)] });
    const changed = { ...made, clientIds: ['app', 'web'], thumbprints: ['a'.repeat(40)] };
    expect(await providers.list(account)).toEqual([changed]);
    expect(await providers.get(made.arn)).toEqual(changed);
    for (const url of ['http://login.example.com', 'ftp://localhost', 'login', 'https://a/?b', 'https://a:b@c/']) {
      expect(await refusal(providers.create({ account, url }))).toContain('is no URL of an issuer');
    }
    expect((await providers.create({ account, url: 'http://127.0.0.1:8080' })).arn).toContain('/127.0.0.1:8080');
    expect(await refusal(providers.create({ account, url: made.url }))).toContain('already exists');
    await providers.delete(made.arn);
    expect(await refusal(providers.get(made.arn))).toContain('does not exist');
  });

  it('has each name once, whatever its case, as users and policies have', async () => {
    await roles.create({ ...importer, trustPolicy });
    expect(await refusal(roles.create({ account, name: 'IMPORTER', path: '/team/', trustPolicy }))).toBe(
      `ResourceAlreadyExistsException: Another resource with Arn arn:aws:iam::${account}:role/team/IMPORTER already exists.`,
    );
    const secretKey = async () => new SecretKey(Buffer.alloc(32, 1));
    const users = new PrincipalStore({ database: opened.database, secretKey, change });
    await users.createUser({ account, name: 'Ann' });
    expect(await refusal(users.createUser({ account, name: 'ann' }))).toContain('already exists');
    const document = documentOf({});
    await policies.put({ account, name: 'own', document });
    expect(await refusal(policies.create({ account, name: 'Own', document }))).toContain('already exists');
    expect(await refusal(policies.put({ account, name: 'OWN', document }))).toContain('already exists');
    await policies.put({ account, name: 'own', document });
  });

  it('deletes no account in which something is being created', async () => {
    const { database, dialect } = opened;
    const resource = { account, region: 'eu', name: 'films', parent: null, status: 'ACTIVE', document: '{}' };
    const times = { version: 1, created_at: 1, updated_at: 1 };
    const holds = Promise.withResolvers<void>();
    const goesOn = Promise.withResolvers<void>();
    const creation = database.transaction().execute(async (trx) => {
      await lockAccount(trx, dialect, account);
      await trx
        .insertInto('resources')
        .values({ arn: films, kind: 'x', ...resource, ...times })
        .execute();
      holds.resolve();
      await goesOn.promise;
    });
    await holds.promise;
    const deletion = refusal(deleteAccount({ change, dialect }, account));
    // SQLite has one transaction at a time. PostgreSQL would have counted by now, and found nothing.
    const waiting = dialect === 'postgres' ? waitingForLock(database) : Promise.resolve();
    await waiting.finally(goesOn.resolve);
    await creation;
    expect(await deletion).toContain('still has resources');
  });

  it('deletes an account with all that says who may do what in it, once its resources are gone', async () => {
    await roles.create({ ...importer, trustPolicy, policies: ['AmazonPersonalizeFullAccess'] });
    await new OidcProviderStore(opened.database, change).create({ account, url: 'https://a' });
    await policies.put({ account, name: 'own', document: documentOf({}) });
    const resource = { account, region: 'eu', name: 'films', parent: null, status: 'ACTIVE', document: '{}' };
    const times = { version: 1, created_at: 1, updated_at: 1 };
    await opened.database
      .insertInto('resources')
      .values({ arn: films, kind: 'x', ...resource, ...times })
      .execute();
    expect(await refusal(deleteAccount({ change, dialect: opened.dialect }, account))).toBe(
      `ResourceInUseException: Account ${account} still has resources: delete them first. There are ${films}.`,
    );
    expect(await roles.list(account)).toHaveLength(1);
    await opened.database.deleteFrom('resources').execute();
    await deleteAccount({ change, dialect: opened.dialect }, account);
    for (const table of ['accounts', 'roles', 'policies', 'policy_attachments', 'oidc_providers'] as const) {
      expect(await opened.database.selectFrom(table).selectAll().execute()).toEqual([]);
    }
    expect(await refusal(deleteAccount({ change, dialect: opened.dialect }, account))).toContain('does not exist');
    expect(await refusal(deleteAccount({ change, dialect: opened.dialect }, '000000000000'))).toContain(
      'is the account of every server',
    );
  });
});
