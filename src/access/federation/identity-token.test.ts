import { createHmac } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { base64url, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from '../../data/database/database.ts';
import { OidcProviderStore } from '../principals/oidc-provider-store.ts';
import { verifyIdentityToken } from './identity-token.ts';
import { type Issuer, startIssuer } from './issuer.fixture.ts';
import { IssuerKeys, type IssuerKeysOptions } from './issuer-keys.ts';

const account = '123456789012';
const clock = { now: 0 };
let opened: OpenDatabase;
let issuer: Issuer;
let keys: IssuerKeys;

beforeEach(async () => {
  clock.now = Date.UTC(2026, 10, 30, 12);
  issuer = await startIssuer(() => clock.now);
  opened = await openDatabase({ file: ':memory:' });
  await opened.database.insertInto('accounts').values({ id: account, name: '', created_at: 1 }).execute();
  const { database } = opened;
  const providers = new OidcProviderStore(database, (work) => database.transaction().execute((trx) => work(trx, 0)));
  await providers.create({ account, url: issuer.url, clientIds: ['app', 'web'] });
  keys = new IssuerKeys({ refetchAfterMs: 0, retryAfterMs: 1 });
});
afterEach(async () => {
  await opened.close();
  await issuer.close();
});

const verified = (token: string, of = account) =>
  verifyIdentityToken({ database: opened.database, keys, now: () => clock.now }, { token, account: of });

/** What a token is good for: its subject and audience, or why it is refused. */
const outcome = (token: string, of = account) =>
  verified(token, of).then(
    ({ subject, audience }) => `${subject} of ${audience}`,
    (error: Error) => `${error.name}: ${error.message}`,
  );

const seconds = () => clock.now / 1000;
const noKey = /^InvalidIdentityTokenException: Couldn't retrieve verification key from your identity provider/;

describe('a token', () => {
  it('says who somebody is, if its issuer has signed it for a client that is known', async () => {
    expect(await outcome(await issuer.sign())).toBe('ada of app');
    expect(await outcome(await issuer.sign({ aud: ['other', 'web'] }))).toBe('ada of web');
    expect(await outcome(await issuer.sign({ aud: 'other', azp: 'web' }))).toBe('ada of web');
    await issuer.rotate('ES256');
    expect(await outcome(await issuer.sign({ sub: 'bob' }))).toBe('bob of app');
    const { federation } = await verified(await issuer.sign({ amr: ['pwd', 'otp'] }));
    const name = issuer.url.replace('http://', '');
    expect(federation).toEqual({
      provider: `arn:aws:iam::${account}:oidc-provider/${name}`,
      keys: {
        [`${name}:aud`]: ['app'],
        [`${name}:oaud`]: ['app'],
        [`${name}:sub`]: ['ada'],
        [`${name}:amr`]: ['pwd', 'otp'],
      },
    });
  });

  it('is refused in time', async () => {
    const expired = await issuer.sign({ exp: seconds() - 61 });
    expect(await outcome(expired)).toBe(
      `ExpiredIdentityTokenException: Token expired: current date/time ${seconds()} must be before the expiration ` +
        `date/time ${seconds() - 61}`,
    );
    expect(await outcome(await issuer.sign({ exp: seconds() - 59 }))).toBe('ada of app');
    expect(await outcome(await issuer.sign({ nbf: seconds() + 61 }))).toContain('"nbf" claim timestamp check failed');
    expect(await outcome(await issuer.sign({ iat: seconds() + 61 }))).toContain('issued in the future');
    expect(await outcome(await issuer.sign({ iat: seconds() + 59, nbf: seconds() + 59 }))).toBe('ada of app');
  });

  it('is refused for other clients, and without what it must say', async () => {
    for (const claims of [{ aud: 'other' }, { aud: [] }, { azp: 'other' }]) {
      expect(await outcome(await issuer.sign(claims))).toBe('InvalidIdentityTokenException: Incorrect token audience');
    }
    const lacking = [{ sub: undefined }, { exp: undefined }, { iat: undefined }, { sub: '' }, { sub: 'x'.repeat(256) }];
    for (const claims of lacking) expect(await outcome(await issuer.sign(claims))).toMatch(/^InvalidIdentityToken/);
  });

  it('is refused if somebody else has made it', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    const forged = (header: { alg: string; kid?: string }) =>
      new SignJWT({ iss: issuer.url, sub: 'ada', aud: 'app', iat: seconds(), exp: seconds() + 60 })
        .setProtectedHeader(header)
        .sign(privateKey);
    expect(await outcome(await forged({ alg: 'RS256', kid: 'key 1' }))).toContain('signature verification failed');
    expect(await outcome(await forged({ alg: 'RS256', kid: 'key 9' }))).toMatch(noKey);
    const [header, , signature] = (await issuer.sign()).split('.');
    const payload = base64url.encode(JSON.stringify({ iss: issuer.url, sub: 'root', aud: 'app', iat: 1, exp: 9e9 }));
    expect(await outcome(`${header}.${payload}.${signature}`)).toContain('signature verification failed');
    expect(await outcome(await issuer.sign({ iss: 'https://other.example' }))).toBe(
      'InvalidIdentityTokenException: No OpenIDConnect provider found in your account for https://other.example',
    );
    expect(await outcome(await issuer.sign(), '999999999999')).toContain('No OpenIDConnect provider found');
    const https = await issuer.sign({ iss: issuer.url.replace('http:', 'https:') });
    expect(await outcome(https)).toContain('No OpenIDConnect provider found');
  });

  it('is refused without a signature, or with one that the public key makes', async () => {
    const body = base64url.encode(
      JSON.stringify({ iss: issuer.url, sub: 'ada', aud: 'app', iat: seconds(), exp: 9e9 }),
    );
    const headed = (alg: string) => `${base64url.encode(JSON.stringify({ alg, kid: 'key 1' }))}.${body}`;
    expect(await outcome(`${headed('none')}.`)).toMatch(/^InvalidIdentityTokenException/);
    const { publicKey } = await generateKeyPair('RS256', { extractable: true });
    const mac = createHmac('sha256', await exportSPKI(publicKey))
      .update(headed('HS256'))
      .digest('base64url');
    expect(await outcome(`${headed('HS256')}.${mac}`)).toMatch(/^InvalidIdentityTokenException/);
    for (const text of ['', 'a.b.c', 'Bearer x', `${headed('RS256')}`, `${headed('RS256')}.AAAA.AAAA`]) {
      expect(await outcome(text)).toMatch(/^InvalidIdentityTokenException/);
    }
  });
});

describe('an issuer', () => {
  const asked = (path: string) => issuer.asked.filter((each) => each === path).length;

  it('is asked for its keys once, however many tokens come', async () => {
    keys = new IssuerKeys({ refetchAfterMs: 60_000 });
    const tokens = await Promise.all(Array.from({ length: 20 }, () => issuer.sign()));
    expect(new Set(await Promise.all(tokens.map((token) => outcome(token))))).toEqual(new Set(['ada of app']));
    expect(issuer.asked.toSorted()).toEqual(['/.well-known/openid-configuration', '/keys']);
    await issuer.rotate();
    for (const _turn of Array.from({ length: 20 })) expect(await outcome(await issuer.sign())).toMatch(noKey);
    expect(asked('/keys')).toBe(1);
  });

  it('is asked again for a key that is not known yet, and its former keys are forgotten', async () => {
    const former = await issuer.sign();
    expect(await outcome(former)).toBe('ada of app');
    await issuer.rotate();
    expect(await outcome(await issuer.sign())).toBe('ada of app');
    expect(await outcome(former)).toMatch(noKey);
    expect(asked('/.well-known/openid-configuration')).toBe(1);
  });

  const configuration = (more = '') => JSON.stringify({ issuer: issuer.url, jwks_uri: `${issuer.url}/keys`, more });
  const unreachable: [what: string, answer: NonNullable<Issuer['answer']>, options?: IssuerKeysOptions][] = [
    ['with an error', (_path, response) => Boolean(response.writeHead(500).end())],
    [
      'by leading elsewhere',
      (path, response) => {
        if (path === '/moved') return Boolean(response.end(configuration()));
        return path !== '/keys' && Boolean(response.writeHead(302, { location: '/moved' }).end());
      },
    ],
    [
      'with too much',
      (path, response) => path !== '/keys' && Boolean(response.end(configuration('x'.repeat(300_000)))),
    ],
    ['with no configuration', (_path, response) => Boolean(response.end('<html>'))],
    ['with the configuration of another', (_path, response) => Boolean(response.end('{"issuer":"https://other"}'))],
    ['by closing the connection', (_path, response) => Boolean(response.destroy())],
    ...['http://192.0.2.1/keys', 'file:///etc/passwd', 'ftp://a/b', 'keys'].map(
      (jwks_uri): (typeof unreachable)[number] => [
        `with keys at ${jwks_uri}`,
        (_path, response) => Boolean(response.end(JSON.stringify({ issuer: issuer.url, jwks_uri }))),
      ],
    ),
  ];
  it.each(unreachable)('that answers %s cannot be used, until it answers well', async (_what, answer) => {
    issuer.answer = answer;
    const token = await issuer.sign();
    expect(await outcome(token)).toMatch(/^IDPCommunicationErrorException: The identity provider's keys could not be/);
    issuer.answer = undefined;
    await expect.poll(() => outcome(token)).toBe('ada of app');
  });

  it('whose keys cannot be fetched is not asked again at once', async () => {
    keys = new IssuerKeys({ retryAfterMs: 60_000 });
    issuer.answer = (path, response) => path === '/keys' && Boolean(response.writeHead(500).end());
    const token = await issuer.sign();
    for (const _turn of Array.from({ length: 5 })) expect(await outcome(token)).toContain('IDPCommunicationError');
    await turn();
    expect(asked('/keys')).toBe(1);
  });
});
