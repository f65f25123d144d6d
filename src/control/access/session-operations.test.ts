import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HeldPolicies } from '../../access/authorisation/held-policies.ts';
import { PolicyStore } from '../../access/authorisation/policy-store.ts';
import { type Issuer, startIssuer } from '../../access/federation/issuer.fixture.ts';
import { documentOf } from '../../access/policies/decision.fixture.ts';
import type { Principal } from '../../access/principal.ts';
import { OidcProviderStore } from '../../access/principals/oidc-provider-store.ts';
import type { PrincipalsChange } from '../../access/principals/principals-change.ts';
import { RoleStore } from '../../access/principals/role-store.ts';
import { SecretKey } from '../../access/principals/secret-key.ts';
import { sessionOf } from '../../access/principals/sessions.ts';
import type { Input } from '../../contract/operations.ts';
import { type OpenDatabase, openDatabase } from '../../data/database/database.ts';
import { openSessionHandlers, sessionHandlers } from './session-operations.ts';

const account = '123456789012';
const roleArn = `arn:aws:iam::${account}:role/team/app`;
const ann: Principal = { kind: 'user', account, arn: `arn:aws:iam::${account}:user/ann`, name: 'ann', id: 'AIDAANN' };
const from = { account, region: 'eu-west-1', accessKeyId: 'AKIA', requestId: 'id' };
const key = new SecretKey(Buffer.alloc(32, 1));
const clock = { now: Date.UTC(2026, 10, 30, 12) };

let opened: OpenDatabase;
let change: PrincipalsChange;
let roles: RoleStore;
let policies: PolicyStore;
let handlers: ReturnType<typeof sessionHandlers>;
let issuer: Issuer;
const held = new HeldPolicies(() => {});

beforeAll(async () => {
  issuer = await startIssuer(() => clock.now);
});
afterAll(() => issuer.close());
beforeEach(async () => {
  opened = await openDatabase({ file: ':memory:' });
  const { database } = opened;
  change = async (work) => {
    const result = await database.transaction().execute((trx) => work(trx, clock.now));
    await held.refresh(database);
    return result;
  };
  roles = new RoleStore(database, change);
  policies = new PolicyStore(database, change);
  await database.insertInto('accounts').values({ id: account, name: '', created_at: 1 }).execute();
  await database.insertInto('users').values({ id: 'AIDAANN', account, name: 'ann', created_at: 1 }).execute();
  handlers = sessionHandlers({
    ...{ database, secretKey: async () => key, rightsOf: held.rightsOf },
    now: () => clock.now,
  });
});
afterEach(() => opened.close());

const trusts = (...statements: readonly object[]) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({
      ...{ Effect: 'Allow', Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'] },
      ...statement,
    })),
  });

const create = (trustPolicy: string, more: object = {}) =>
  roles.create({ account, name: 'app', path: '/team/', trustPolicy, ...more });

const failure = (error: Error) => `${error.name}: ${error.message}`;

type Wish = Partial<Input<'AssumeRole'>>;

/** The session that a caller gets, or why it gets none. */
async function assume(wish: Wish = {}, principal: Principal = ann) {
  const caller = {
    ...from,
    account: principal.account,
    principal,
    origin: { sourceIp: '10.0.0.7', secure: true, userAgent: 'a' },
  };
  const answer = await handlers.AssumeRole({ roleArn, roleSessionName: 'one', ...wish }, caller);
  const session = sessionOf(key, answer.credentials.sessionToken);
  if (session?.principal.kind !== 'session') throw new Error('It is no session of a role.');
  return { answer, session: session.principal, expiresAt: session.expiresAt };
}

const outcome = (wish: Wish = {}, principal: Principal = ann) => assume(wish, principal).then(() => 'made', failure);

const refused = (action: string, reason: string, arn = ann.arn) =>
  `AccessDeniedException: User: ${arn} is not authorized to perform: ${action} on resource: ${roleArn} ${reason}`;

describe('a role is assumed', () => {
  it('by whom it trusts, with credentials that end in time', async () => {
    await create(trusts({ Principal: { AWS: ann.arn } }));
    const { answer, session, expiresAt } = await assume();
    expect(answer).toEqual({
      credentials: {
        accessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
        secretAccessKey: expect.stringMatching(/^[\w+/]{40}$/),
        sessionToken: expect.any(String),
        expiration: clock.now / 1000 + 3600,
      },
      assumedRoleUser: {
        arn: `arn:aws:sts::${account}:assumed-role/app/one`,
        assumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{16}:one$/),
      },
    });
    expect(session).toMatchObject({ arn: answer.assumedRoleUser.arn, roleArn, issuedAt: clock.now });
    expect(expiresAt).toBe(clock.now + 3_600_000);
  });

  it('by nobody else, and nobody learns whether a role is there', async () => {
    const reason = 'because no resource-based policy allows the sts:AssumeRole action';
    expect(await outcome()).toBe(refused('sts:AssumeRole', reason));
    await create(trusts({ Principal: { AWS: `arn:aws:iam::${account}:user/bob` } }));
    expect(await outcome()).toBe(refused('sts:AssumeRole', reason));
    expect(await outcome({ roleArn: `arn:aws:iam::${account}:role/app` })).toContain('AccessDeniedException');
  });

  it('of another account by whom it trusts alone, whatever the own policies of others say', async () => {
    await policies.putInline({
      ...{ account, user: 'ann', name: 'own' },
      document: documentOf({ Effect: 'Deny', Condition: { StringLike: { 'aws:ResourceTag/team': '*' } } }),
    });
    const strange = 'arn:aws:iam::999999999999:role/app';
    const said = async () => (await outcome({ roleArn: strange })).replaceAll(strange, roleArn);
    const missing = await said();
    expect(missing).toBe(
      refused('sts:AssumeRole', 'because no resource-based policy allows the sts:AssumeRole action'),
    );
    await opened.database.insertInto('accounts').values({ id: '999999999999', name: '', created_at: 1 }).execute();
    const tags = [{ key: 'team', value: 'films' }];
    const role = { account: '999999999999', name: 'app', tags };
    await roles.create({ ...role, trustPolicy: trusts({ Principal: { AWS: '999999999999' } }) });
    expect(await said()).toBe(missing);
  });

  it('not with what nobody has, or this version has not', async () => {
    await create(trusts({ Principal: { AWS: ann.arn } }));
    const noDevice =
      'AccessDeniedException: MultiFactorAuthentication failed, unable to validate MFA code. Please verify your MFA ' +
      'serial number is valid and associated with this user.';
    const device = { serialNumber: `arn:aws:iam::${account}:mfa/ann`, tokenCode: '123456' };
    expect(await outcome(device)).toBe(noDevice);
    const caller = { ...from, principal: ann };
    await expect(handlers.GetSessionToken(device, caller).catch(failure)).resolves.toBe(noDevice);
    const unavailable = (what: string) =>
      `ValidationException: ${what} is not available in this version of OpenPersonalize.`;
    expect(await outcome({ minimumSessionTokenSize: 2000 })).toBe(unavailable('MinimumSessionTokenSize'));
    expect(await outcome({ providedContexts: [{ providerArn: roleArn }] })).toBe(unavailable('ProvidedContexts'));
  });

  it('by users of an account that it trusts, if their own policies let them', async () => {
    await create(trusts({ Principal: { AWS: account } }));
    const reason = 'because no identity-based policy allows the sts:AssumeRole action';
    expect(await outcome()).toBe(refused('sts:AssumeRole', reason));
    const document = documentOf({ Action: 'sts:*', Resource: 'arn:aws:iam::*:role/team/*' });
    await policies.putInline({ account, user: 'ann', name: 'roles', document });
    expect(await outcome()).toBe('made');
  });

  it('across accounts with the external id that was agreed on', async () => {
    const zoe: Principal = { ...ann, account: '999999999999', arn: 'arn:aws:iam::999999999999:user/zoe' };
    await policies.putInline({ account, user: 'ann', name: 'all', document: documentOf({}) });
    const Condition = { StringEquals: { 'sts:ExternalId': 'secret' }, IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } };
    await create(trusts({ Principal: { AWS: '999999999999' }, Condition }));
    expect(await outcome({ externalId: 'secret' }, zoe)).toBe('made');
    expect(await outcome({ externalId: 'guess' }, zoe)).toContain('AccessDeniedException');
    expect(await outcome({}, zoe)).toContain('AccessDeniedException');
  });

  it('for as long as the role says at most, and for an hour by another session', async () => {
    await create(trusts({ Principal: '*' }), { maxSessionSeconds: 7200 });
    const { session, expiresAt } = await assume({ durationSeconds: 7200 });
    expect(expiresAt).toBe(clock.now + 7_200_000);
    expect(await outcome({ durationSeconds: 7201 })).toBe(
      'ValidationException: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
    expect(await outcome({ durationSeconds: 3600 }, session)).toBe('made');
    expect(await outcome({ durationSeconds: 7200 }, session)).toContain(
      '1 hour session limit for roles assumed by role',
    );
  });

  it('with policies by which its session may do less', async () => {
    await create(trusts({ Principal: '*' }), { policies: ['AmazonPersonalizeFullAccess'] });
    const own = await policies.put({ account, name: 'lists', document: documentOf({ Action: 'personalize:List*' }) });
    const policy = JSON.stringify(JSON.parse(documentOf({ Action: 'personalize:Describe*' })), null, 2);
    const { answer, session } = await assume({ policy, policyArns: [{ arn: own }] });
    expect(session.limits).toEqual({ documents: [JSON.stringify(JSON.parse(policy))], policyArns: [own] });
    expect(answer.packedPolicySize).toBeGreaterThan(0);
    expect(await outcome({ policy: '{}' })).toMatch(/^MalformedPolicyDocumentException: /);
    expect(await outcome({ policyArns: [{ arn: `arn:aws:iam::${account}:policy/none` }] })).toContain('does not exist');
    const foreign = { arn: 'arn:aws:iam::999999999999:policy/theirs' };
    expect(await outcome({ policyArns: [foreign] })).toContain('does not exist');
    const tags = Array.from({ length: 20 }, (_none, index) => ({ key: `key ${index}`, value: 'x'.repeat(256) }));
    expect(await outcome({ tags })).toMatch(
      /^PackedPolicyTooLargeException: Packed policy consumes \d{3}% of allotted/,
    );
  });

  it('with tags, of which transitive ones go on to the next session and stay as they are', async () => {
    await create(trusts({ Principal: '*' }), { tags: [{ key: 'team', value: 'films' }] });
    const tags = [
      { key: 'Team', value: 'books' },
      { key: 'shift', value: 'night' },
    ];
    const { session } = await assume({ tags, transitiveTagKeys: ['team'], sourceIdentity: 'ann' });
    expect(held.rightsOf(session).principalTags).toEqual(tags);
    const next = await assume({ tags: [{ key: 'env', value: 'test' }] }, session);
    expect(next.session.tags).toEqual([tags[0], { key: 'env', value: 'test' }]);
    expect(next.session).toMatchObject({ transitiveTagKeys: ['team'], sourceIdentity: 'ann' });
    expect(await outcome({ tags }, session)).toContain('conflicts with a transitive tag key');
    expect(await outcome({ transitiveTagKeys: ['none'] })).toContain('must be included in the requested tags');
    expect(await outcome({ sourceIdentity: 'bob' }, session)).toContain('sts:SetSourceIdentity');
    expect(await outcome({ tags: [{ key: 'aws:a', value: '' }] })).toContain('is reserved');
  });

  it('with tags and a source identity only where that is allowed, too', async () => {
    await create(trusts({ Action: 'sts:AssumeRole', Principal: { AWS: ann.arn } }));
    const reason = (action: string) => refused(action, `because no resource-based policy allows the ${action} action`);
    expect(await outcome({ tags: [{ key: 'a', value: 'b' }] })).toBe(reason('sts:TagSession'));
    expect(await outcome({ sourceIdentity: 'ann' })).toBe(reason('sts:SetSourceIdentity'));
    const Condition = {
      StringEquals: { 'aws:RequestTag/team': 'a' },
      'ForAllValues:StringEquals': { 'aws:TagKeys': 'team' },
    };
    await roles.putTrust({ account, name: 'app', document: trusts({ Principal: { AWS: ann.arn }, Condition }) });
    expect(await outcome({ tags: [{ key: 'team', value: 'a' }] })).toBe('made');
    expect(await outcome({ tags: [{ key: 'team', value: 'b' }] })).toContain('AccessDeniedException');
  });

  it('by a session within its own limits', async () => {
    await create(trusts({ Principal: { AWS: roleArn } }, { Principal: { AWS: ann.arn } }));
    const { session } = await assume({ policy: documentOf({ Action: 'personalize:*' }) });
    expect(await outcome({}, session)).toBe(
      refused('sts:AssumeRole', 'because no session policy allows the sts:AssumeRole action', session.arn),
    );
    expect(await outcome({}, (await assume()).session)).toBe('made');
  });
});

describe('with the token of an issuer, a role is assumed', () => {
  const action = 'sts:AssumeRoleWithWebIdentity';
  let provider: string;
  let name: string;
  beforeEach(async () => {
    const providers = new OidcProviderStore(opened.database, change);
    provider = (await providers.create({ account, url: issuer.url, clientIds: ['app'] })).arn;
    name = issuer.url.replace('http://', '');
  });

  const federated = (Condition: object = {}, Action: string[] = [action]) =>
    trusts({ Principal: { Federated: provider }, Action, Condition });

  async function assumeWith(webIdentityToken: string, wish: object = {}) {
    const input = { roleArn, roleSessionName: 'one', webIdentityToken, ...wish };
    const answer = await handlers.AssumeRoleWithWebIdentity(input, { account: '', requestId: '' });
    return { answer, principal: sessionOf(key, answer.credentials.sessionToken)?.principal };
  }

  const outcomeWith = (token: string, wish: object = {}) => assumeWith(token, wish).then(() => 'made', failure);

  it('by whom it trusts', async () => {
    await create(federated({ StringEquals: { [`${name}:aud`]: 'app', [`${name}:sub`]: ['ada', 'bob'] } }));
    const { answer, principal } = await assumeWith(await issuer.sign({ amr: ['pwd'] }));
    expect(answer).toMatchObject({
      subjectFromWebIdentityToken: 'ada',
      audience: 'app',
      provider,
      assumedRoleUser: { arn: `arn:aws:sts::${account}:assumed-role/app/one` },
    });
    const keys = { [`${name}:aud`]: ['app'], [`${name}:sub`]: ['ada'], [`${name}:amr`]: ['pwd'] };
    expect(principal).toMatchObject({ kind: 'session', roleArn, federation: { provider, keys } });
    expect(await outcomeWith(await issuer.sign({ sub: 'eve' }))).toBe(
      'AccessDeniedException: Not authorized to perform sts:AssumeRoleWithWebIdentity',
    );
    const other = `arn:aws:iam::${account}:role/none`;
    expect(await outcomeWith(await issuer.sign(), { roleArn: other })).toContain('Not authorized to perform');
  });

  it('with the tags and the source identity that the token has', async () => {
    await create(federated({}, [action, 'sts:TagSession', 'sts:SetSourceIdentity']));
    const claims = {
      'https://aws.amazon.com/tags': { principal_tags: { team: ['films'] }, transitive_tag_keys: ['team'] },
      'https://aws.amazon.com/source_identity': 'ada',
    };
    const { principal } = await assumeWith(await issuer.sign(claims));
    expect(principal).toMatchObject({
      tags: [{ key: 'team', value: 'films' }],
      transitiveTagKeys: ['team'],
      sourceIdentity: 'ada',
    });
    await roles.putTrust({ account, name: 'app', document: federated() });
    expect(await outcomeWith(await issuer.sign(claims))).toContain('Not authorized to perform');
    const odd = { 'https://aws.amazon.com/source_identity': 'a b' };
    expect(await outcomeWith(await issuer.sign(odd))).toContain('InvalidIdentityTokenException');
  });

  it('of no issuer of another account', async () => {
    await create(trusts({ Principal: '*', Action: action }));
    await new OidcProviderStore(opened.database, change).delete(provider);
    expect(await outcomeWith(await issuer.sign())).toBe(
      `InvalidIdentityTokenException: No OpenIDConnect provider found in your account for ${issuer.url}`,
    );
  });
});

describe('temporary credentials', () => {
  const token = (durationSeconds: number | undefined, principal: Principal) =>
    handlers.GetSessionToken({ durationSeconds }, { ...from, principal });

  it('of a user or a root do the same for a time, and make no others', async () => {
    const { credentials } = await token(undefined, ann);
    const session = sessionOf(key, credentials.sessionToken);
    expect(session).toMatchObject({ principal: { ...ann, issuedAt: clock.now }, expiresAt: clock.now + 43_200_000 });
    const root: Principal = { kind: 'root', account, arn: `arn:aws:iam::${account}:root` };
    expect((await token(7200, root)).credentials.expiration).toBe(clock.now / 1000 + 3600);
    expect(await token(900, session?.principal ?? ann).then(() => 'made', failure)).toBe(
      'AccessDeniedException: Cannot call GetSessionToken with session credentials',
    );
  });

  it('are of use nowhere else if they come from a server that verifies nothing', async () => {
    const open = openSessionHandlers(() => clock.now);
    const { credentials, assumedRoleUser } = await open.AssumeRole({ roleArn, roleSessionName: 'one' }, from);
    expect(assumedRoleUser.arn).toBe(`arn:aws:sts::${account}:assumed-role/app/one`);
    expect(credentials.expiration).toBe(clock.now / 1000 + 3600);
    expect(sessionOf(key, credentials.sessionToken)).toBeUndefined();
  });
});

it('an account learns whose access keys are of its own alone', async () => {
  const row = { account, user_id: null, status: 'Active', sealed_secret: '', created_at: 1, expires_at: null } as const;
  await opened.database
    .insertInto('access_keys')
    .values({ id: 'AKIAOWNOWNOWNOWN', ...row })
    .execute();
  const ask = (of: string) => handlers.GetAccessKeyInfo({ accessKeyId: 'AKIAOWNOWNOWNOWN' }, { ...from, account: of });
  expect(await ask(account)).toEqual({ account });
  expect(await ask('999999999999').catch(failure)).toContain('is none of this account');
});
