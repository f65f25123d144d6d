import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KnownKey } from '../access/principals/principals.ts';
import { signatureVerifier } from '../access/principals/verified-principal.ts';
import { signed } from '../access/signatures/sign.ts';
import { personalizeRules } from '../access/signatures/signed-request.ts';
import { authenticateBy } from './authentication.ts';
import { httpServerFor, recorder } from './http-server.fixture.ts';

const account = '111122223333';
const keyOf = (name: string, rest: Partial<KnownKey> = {}): KnownKey => ({
  principal: { kind: 'user', account, arn: `arn:aws:iam::${account}:user/${name}`, name, id: 'AIDA' },
  isActive: true,
  secret: () => `secret of ${name}`,
  ...rest,
});
const keys = new Map([
  ['AKIAADA', keyOf('ada')],
  ['AKIABOB', keyOf('bob', { isActive: false })],
  ['AKIACLEO', keyOf('cleo', { expiresAt: Date.UTC(2026, 0, 1) })],
]);
const now = Date.UTC(2026, 10, 21, 12);
const ada = keyOf('ada').principal;
const sessions = new Map(
  [
    ['valid', now + 60_000],
    ['ended', now],
  ].map(([token, expiresAt]) => [
    String(token),
    { accessKeyId: 'ASIAADA', secretAccessKey: 'secret of ada', principal: ada, expiresAt: Number(expiresAt) },
  ]),
);
const verify = signatureVerifier({
  principals: { find: (id) => keys.get(id), session: (token) => sessions.get(token) },
  now: () => now,
});
const { asked, dispatch } = recorder({});
const app = httpServerFor({
  authenticate: authenticateBy({ account: '000000000000', token: 'token', verify }),
  dispatch,
  allowedHosts: 'any',
  mayMeasure: (header) => header === 'Bearer token',
});
let url: string;
beforeAll(async () => {
  url = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => app.close());

type Call = {
  readonly key?: string;
  readonly secret?: string;
  readonly token?: string;
  readonly path?: string;
  readonly at?: number;
};

/** What the server answers to a signed call, over a real connection: status, code and message. */
async function call({ key = 'AKIAADA', secret = 'secret of ada', token, path = '/', at = now }: Call, more = {}) {
  const body = '{}';
  const headers = {
    host: new URL(url).host,
    'content-type': path === '/' ? 'application/x-amz-json-1.1' : 'application/json',
    ...(path === '/' && { 'x-amz-target': 'AmazonPersonalize.ListRecipes' }),
  };
  const rules = personalizeRules;
  const request = { method: 'POST', url: path, headers, body: Buffer.from(body) };
  const { host: _, ...sent } = signed(
    request,
    { accessKeyId: key, secretAccessKey: secret, sessionToken: token },
    { region: 'eu-west-1', rules, at },
  );
  const answer = await fetch(url + path, { method: 'POST', headers: { ...sent, ...more }, body });
  const { __type = 'Success', message = '' } = JSON.parse((await answer.text()) || '{}');
  return `${answer.status} ${__type} ${message}`.trim();
}

describe('with signatures verified', () => {
  it('the caller is who has signed, in the account of that principal', async () => {
    asked.length = 0;
    expect(await call({})).toBe('200 Success');
    const [, , caller] = asked[0] ?? [];
    expect(caller).toEqual({
      account,
      region: 'eu-west-1',
      accessKeyId: 'AKIAADA',
      requestId: expect.any(String),
      principal: keys.get('AKIAADA')?.principal,
    });
  });

  it.each<[string, Call, string]>([
    [
      'a wrong secret',
      { secret: 'guess' },
      'InvalidSignatureException The request signature we calculated does not match',
    ],
    ['an old one', { at: now - 16 * 60_000 }, 'InvalidSignatureException Signature expired: '],
    [
      'an unknown key',
      { key: 'AKIAEVE' },
      'UnrecognizedClientException The security token included in the request is invalid.',
    ],
    ['a disabled key', { key: 'AKIABOB', secret: 'secret of bob' }, 'UnrecognizedClientException'],
    ['a key past its end', { key: 'AKIACLEO', secret: 'secret of cleo' }, 'UnrecognizedClientException'],
  ])('a signature with %s is refused by both protocols, and nothing is done', async (_, made, expected) => {
    asked.length = 0;
    const rest = await call({ ...made, path: '/recommendations' });
    const json = await call(made);
    expect(json.slice(4)).toMatch(expected);
    expect(rest.slice(4)).toMatch(expected);
    const status = expected.startsWith('Unrecognized') ? '403' : '400';
    expect([json.slice(0, 3), rest.slice(0, 3)]).toEqual([status, '403']);
    expect(asked).toEqual([]);
  });

  it('a session is known by its token, for its own access key, until it ends', async () => {
    const key = 'ASIAADA';
    expect(await call({ key, token: 'valid' })).toBe('200 Success');
    expect(await call({ key, token: 'valid', secret: 'guess' })).toMatch(/^400 InvalidSignatureException/);
    expect(await call({ token: 'valid' })).toMatch(/^403 UnrecognizedClientException/);
    expect(await call({ key })).toMatch(/^403 UnrecognizedClientException/);
    const expired = 'ExpiredTokenException The security token included in the request is expired';
    expect(await call({ key, token: 'ended' })).toBe(`400 ${expired}`);
    expect(await call({ key, token: 'ended', path: '/recommendations' })).toBe(`403 ${expired}`);
    expect(await call({}, { 'x-amz-security-token': 'made up' })).toMatch(/^403 UnrecognizedClientException/);
  });

  it('what is open otherwise needs a signature or the token', async () => {
    asked.length = 0;
    const open = await fetch(`${url}/admin/events`);
    expect([open.status, await open.json()]).toMatchObject([403, { __type: 'MissingAuthenticationToken' }]);
    const guess = await fetch(`${url}/admin/events`, { headers: { authorization: 'Bearer guess' } });
    expect([guess.status, await guess.json()]).toMatchObject([403, { __type: 'AccessDeniedException' }]);
    expect((await fetch(`${url}/metrics`)).status).toBe(403);
    expect(asked).toEqual([]);
    const authorization = 'Bearer token';
    expect((await fetch(`${url}/admin/events`, { headers: { authorization } })).status).toBe(200);
    expect((await fetch(`${url}/metrics`, { headers: { authorization } })).status).toBe(200);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it("a principal has no part in the server's own operations", async () => {
    asked.length = 0;
    expect(await call({ path: '/admin/access/AddAccessKey' })).toMatch(/^403 AccessDeniedException/);
    expect(await call({ path: '/admin/access/ListPrincipals' })).toMatch(/^403 AccessDeniedException/);
    expect(asked).toEqual([]);
  });
});
