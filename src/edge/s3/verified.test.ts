import { createHmac, hash } from 'node:crypto';
import { expect, it } from 'vitest';
import { bucketOwners } from '../../access/authorisation/bucket-owners.ts';
import { readPolicy } from '../../access/policies/policy.ts';
import { PolicySet } from '../../access/policies/policy-set.ts';
import type { Principal } from '../../access/principal.ts';
import type { KnownKey } from '../../access/principals/principals.ts';
import type { Session } from '../../access/principals/sessions.ts';
import { s3Verifier } from '../../access/principals/verified-principal.ts';
import { signed } from '../../access/signatures/sign.ts';
import { smithySigner } from '../../access/signatures/smithy.fixture.ts';
import { originOfConnection } from '../origin.ts';
import { codeOf, startS3 } from './s3.fixture.ts';
import { authenticateS3, s3Rules } from './s3-authentication.ts';
import { authoriseS3 } from './s3-authorisation.ts';

const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const now = Date.UTC(2026, 10, 21, 12, 0, 0);
const root = (account: string): Principal => ({ kind: 'root', account, arn: `arn:aws:iam::${account}:root` });
const keyOf = (account: string) => ({ principal: root(account), isActive: true, secret: () => secret });
type Keys = ReadonlyMap<string, KnownKey>;
const keys: Keys = new Map(Object.entries({ ONE: keyOf('000000000000'), TWO: keyOf('222222222222') }));

type Rights = Parameters<typeof authoriseS3>[0]['rightsOf'];

const rootRights: Rights = ({ arn }) => ({ policies: undefined, principalTags: [], principalArn: arn });

type Sessions = ReadonlyMap<string, Session>;
type Known = { readonly known?: Keys; readonly sessions?: Sessions; readonly rightsOf?: Rights };

/**
 * @param known access keys, by id
 * @param sessions by token
 */
const start = (at = now, { known = keys, sessions = new Map(), rightsOf = rootRights }: Known = {}) => {
  const principals = { find: (id: string) => known.get(id), session: (token: string) => sessions.get(token) };
  const verifier = s3Verifier({ principals, now: () => at });
  return startS3((buckets) => ({
    authenticate: authenticateS3({ account: '000000000000', verifier }),
    authorise: authoriseS3({
      rightsOf,
      ownerOf: bucketOwners(buckets, '000000000000'),
      originOf: originOfConnection,
      now: () => at,
    }),
  }));
};
type Server = Awaited<ReturnType<typeof start>>;

type Options = {
  readonly body?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Changes what was signed on the way. */
  readonly tamper?: (headers: Record<string, string>) => Record<string, string>;
  readonly sentBody?: string;
};

/** Sends a request as a client signs it. */
async function ask(s3: Server, method: string, url: string, options: Options = {}) {
  const { body = '', key = 'ONE', headers = {}, tamper = (given) => given, sentBody = body } = options;
  const own = { host: new URL(s3.url).host, 'x-amz-content-sha256': hash('sha256', body), ...headers };
  const credentials = { accessKeyId: key, secretAccessKey: secret };
  const all = signed({ method, url, headers: own, body: Buffer.from(body) }, credentials, {
    ...{ region: 'eu-west-1', rules: s3Rules, at: now },
  });
  return await s3.ask(method, url, { unsigned: true, headers: tamper({ ...all }), body: sentBody });
}

it('takes what was signed, whatever the key is called', async () => {
  await using s3 = await start();
  expect((await ask(s3, 'PUT', '/mine')).status).toBe(200);
  for (const key of ['a', 'a%20b/c%2Bd', '%C3%A9', 'x~y/..z', 'q%3Fr%23', 'm=n&o', '%F0%9F%8E%AC']) {
    expect((await ask(s3, 'PUT', `/mine/${key}`, { body: key })).body, key).toBe('');
    expect((await ask(s3, 'GET', `/mine/${key}`)).body).toBe(key);
  }
});

it.each<[string, Options, string]>([
  ['another body', { body: 'a', sentBody: 'b' }, 'XAmzContentSHA256Mismatch'],
  [
    'another hash of the body',
    { body: 'a', tamper: (all) => ({ ...all, 'x-amz-content-sha256': hash('sha256', 'b') }) },
    'SignatureDoesNotMatch',
  ],
  [
    'no hash of the body',
    { body: '', sentBody: 'b', tamper: ({ 'x-amz-content-sha256': _, ...all }) => all },
    'InvalidRequest',
  ],
  [
    'a header of S3 that was not signed',
    { tamper: (all) => ({ ...all, 'x-amz-copy-source': '/mine/a' }) },
    'AccessDenied',
  ],
  ['an unknown access key', { key: 'THREE' }, 'InvalidAccessKeyId'],
  ['no signature', { tamper: ({ authorization: _, ...all }) => ({ ...all, host: 's3.localhost' }) }, 'AccessDenied'],
  ['version 2 in a header', { tamper: (all) => ({ ...all, authorization: 'AWS ONE:c2ln' }) }, 'InvalidRequest'],
])('refuses what has %s', async (_what, options, code) => {
  await using s3 = await start();
  await ask(s3, 'PUT', '/mine');
  expect(codeOf(await ask(s3, 'PUT', '/mine/a', options))).toBe(code);
  expect(codeOf(await ask(s3, 'GET', '/mine/a'))).toBe('NoSuchKey');
});

it('refuses what was signed too long ago', async () => {
  await using s3 = await start(now + 16 * 60_000);
  expect(codeOf(await ask(s3, 'GET', '/'))).toBe('RequestTimeTooSkewed');
});

it('takes chunks that are signed, and no other ones', async () => {
  await using s3 = await start();
  await ask(s3, 'PUT', '/mine');
  const chunked = (signature: string) =>
    `5;chunk-signature=${signature}\r\nhello\r\n0;chunk-signature=${signature}\r\n\r\n`;
  const headers = { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'x-amz-decoded-content-length': '5' };
  // Signed by its header alone, as clients do: the hash of the whole is not known yet.
  const signer = smithySigner({ accessKeyId: 'ONE', secretAccessKey: secret }, { region: 'eu-west-1', service: 's3' });
  const { host, hostname } = new URL(s3.url);
  const request = { method: 'PUT', protocol: 'http:', hostname, path: '/mine/a', query: {}, body: 'x' };
  const made = await signer.sign({ ...request, headers: { host, ...headers } }, { signingDate: new Date(now) });
  const send = (body: string) => s3.ask('PUT', '/mine/a', { unsigned: true, headers: { ...made.headers }, body });
  expect(codeOf(await send(chunked('a'.repeat(64))))).toBe('SignatureDoesNotMatch');
  expect(codeOf(await send('5\r\nhello\r\n0\r\n\r\n'))).toBe('SignatureDoesNotMatch');
  expect(codeOf(await ask(s3, 'GET', '/mine/a'))).toBe('NoSuchKey');
});

/** A URL as boto3 signs it by version 2. */
function legacyUrl(method: string, path: string, expires: number): string {
  const signature = createHmac('sha1', secret).update(`${method}\n\n\n${expires}\n${path}`).digest('base64');
  return `${path}?AWSAccessKeyId=ONE&Signature=${encodeURIComponent(signature)}&Expires=${expires}`;
}

it('takes URLs of version 2 until they have expired, for what they were made alone', async () => {
  await using s3 = await start();
  await ask(s3, 'PUT', '/mine');
  await ask(s3, 'PUT', '/mine/a', { body: 'a' });
  await ask(s3, 'PUT', '/mine/b', { body: 'b' });
  const [soon, past] = [now / 1000 + 60, now / 1000 - 60];
  const send = (method: string, url: string) => s3.ask(method, url, { unsigned: true });
  const url = legacyUrl('GET', '/mine/a', soon);
  expect((await send('GET', url)).body).toBe('a');
  expect(codeOf(await send('GET', url.replace('/a', '/b')))).toBe('SignatureDoesNotMatch');
  expect(codeOf(await send('PUT', url))).toBe('SignatureDoesNotMatch');
  expect(codeOf(await send('GET', `${url}&acl`))).toBe('SignatureDoesNotMatch');
  expect(codeOf(await send('GET', url.replace(String(soon), String(soon + 1))))).toBe('SignatureDoesNotMatch');
  expect(codeOf(await send('GET', legacyUrl('GET', '/mine/a', past)))).toBe('AccessDenied');
});

it('takes URLs of version 2 that temporary credentials have signed, with their token alone', async () => {
  const ends = now + 30_000;
  const session = { accessKeyId: 'ASIA', secretAccessKey: secret, principal: root('000000000000'), expiresAt: ends };
  const known = { sessions: new Map(['1:a+b/c=', '2'].map((token) => [token, session])) };
  await using s3 = await start(now, known);
  await ask(s3, 'PUT', '/mine');
  await ask(s3, 'PUT', '/mine/a', { body: 'a' });
  const token = encodeURIComponent('1:a+b/c=');
  const path = '/mine/a';
  const expires = now / 1000 + 60;
  const text = `GET\n\n\n${expires}\nx-amz-security-token:1:a+b/c=\n${path}`;
  const signature = encodeURIComponent(createHmac('sha1', secret).update(text).digest('base64'));
  const rest = `&Signature=${signature}&Expires=${expires}`;
  const url = `${path}?AWSAccessKeyId=ASIA&x-amz-security-token=${token}${rest}`;
  const send = (given: string, server = s3) => server.ask('GET', given, { unsigned: true });
  expect((await send(url)).body).toBe('a');
  expect(codeOf(await send(`${path}?AWSAccessKeyId=ASIA${rest}`))).toBe('InvalidAccessKeyId');
  expect(codeOf(await send(url.replace('=ASIA', '=ONE')))).toBe('InvalidAccessKeyId');
  expect(codeOf(await send(url.replace(token, '2')))).toBe('SignatureDoesNotMatch');
  await using later = await start(ends, known);
  expect(codeOf(await send(url, later))).toBe('ExpiredToken');
});

it('keeps the buckets of accounts apart', async () => {
  await using s3 = await start();
  await ask(s3, 'PUT', '/first');
  await ask(s3, 'PUT', '/first/a', { body: 'a' });
  await ask(s3, 'PUT', '/second', { key: 'TWO' });
  const two = { key: 'TWO' };
  const copy = { ...two, headers: { 'x-amz-copy-source': '/first/a' } };
  for (const answer of [
    await ask(s3, 'GET', '/first/a', two),
    await ask(s3, 'PUT', '/first/b', { ...two, body: 'b' }),
    await ask(s3, 'DELETE', '/first/a', two),
    await ask(s3, 'GET', '/first?list-type=2', two),
    await ask(s3, 'POST', '/first/a?uploads', two),
    await ask(s3, 'POST', '/first?delete', { ...two, body: '<Delete><Object><Key>a</Key></Object></Delete>' }),
    await ask(s3, 'PUT', '/second/a', copy),
  ]) {
    expect(codeOf(answer)).toBe('AccessDenied');
  }
  expect(codeOf(await ask(s3, 'PUT', '/first', two))).toBe('BucketAlreadyExists');
  const names = async (key: string) =>
    [...(await ask(s3, 'GET', '/', { key })).body.matchAll(/<Name>([^<]*)/g)].map(([, name]) => name);
  expect(await names('ONE')).toEqual(['first']);
  expect(await names('TWO')).toEqual(['second']);
  expect((await ask(s3, 'GET', '/first/a')).body).toBe('a');
});

const ann: Principal = {
  kind: 'user',
  account: '000000000000',
  arn: 'arn:aws:iam::000000000000:user/ann',
  name: 'ann',
  id: 'A',
};

/** The second key is Ann's, of the first one's account. */
const withAnn: Keys = new Map([...keys, ['TWO', { ...keyOf('000000000000'), principal: ann }]]);

const annHas = (policy: object): Rights => {
  const identity = new PolicySet([{ name: 'own', policy: readPolicy(JSON.stringify(policy), 'inline') }]);
  return (principal) => ({ ...rootRights(principal), policies: principal === ann ? { identity } : undefined });
};

it('lets a user do what its policies allow, key by key', async () => {
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
        Resource: 'arn:aws:s3:::mine/own/*',
      },
      {
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: 'arn:aws:s3:::mine',
        Condition: { StringEquals: { 's3:prefix': 'own/' } },
      },
    ],
  };
  await using s3 = await start(now, { known: withAnn, rightsOf: annHas(policy) });
  const two = { key: 'TWO' };
  await ask(s3, 'PUT', '/mine');
  await ask(s3, 'PUT', '/mine/other', { body: 'o' });
  expect((await ask(s3, 'PUT', '/mine/own/a', { ...two, body: 'a' })).status).toBe(200);
  expect((await ask(s3, 'GET', '/mine/own/a', two)).body).toBe('a');
  expect((await ask(s3, 'GET', '/mine?list-type=2&prefix=own%2F', two)).status).toBe(200);
  for (const [method, url, options] of [
    ['GET', '/', {}],
    ['PUT', '/another', {}],
    ['GET', '/mine/other', {}],
    ['PUT', '/mine/other', { body: 'x' }],
    ['DELETE', '/mine/other', {}],
    ['GET', '/mine?list-type=2', {}],
    ['DELETE', '/mine', {}],
    ['GET', '/mine?policy', {}],
    ['PUT', '/mine/own/b', { headers: { 'x-amz-copy-source': '/mine/other' } }],
    ['POST', '/mine/other?uploads', {}],
  ] as const) {
    const answer = await ask(s3, method, url, { ...two, ...options });
    expect(answer.body, `${method} ${url}`).toMatch(
      /<Code>AccessDenied.*ann is not authorized to perform: s3:\w+ on resource/,
    );
  }
  const body = '<Delete><Object><Key>own/a</Key></Object><Object><Key>other</Key></Object></Delete>';
  const removed = await ask(s3, 'POST', '/mine?delete', { ...two, body });
  expect(removed.body).toMatch(/<Deleted><Key>own\/a<\/Key><\/Deleted><Error><Key>other<\/Key><Code>AccessDenied/);
  expect((await ask(s3, 'GET', '/mine/other')).body).toBe('o');
});

const statement = (effect: string, principal: object | string, action: string | string[], more: object = {}) => ({
  ...{ Effect: effect, Principal: principal, Action: action },
  ...{ Resource: ['arn:aws:s3:::first', 'arn:aws:s3:::first/*'], ...more },
});
const document = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });

it("opens a bucket to another account as its policy says, and to that account's users by their own, too", async () => {
  await using s3 = await start();
  await ask(s3, 'PUT', '/first');
  await ask(s3, 'PUT', '/first/a', { body: 'a' });
  const two = { key: 'TWO' };
  const policy = document(
    statement('Allow', { AWS: '222222222222' }, ['s3:GetObject', 's3:ListBucket']),
    statement('Allow', '*', 's3:PutObject', { Resource: 'arn:aws:s3:::first/inbox/*' }),
  );
  expect((await ask(s3, 'PUT', '/first?policy', { body: policy })).status).toBe(204);
  expect((await ask(s3, 'GET', '/first/a', two)).body).toBe('a');
  expect((await ask(s3, 'GET', '/first?list-type=2', two)).status).toBe(200);
  expect((await ask(s3, 'PUT', '/first/inbox/b', { ...two, body: 'b' })).status).toBe(200);
  expect((await ask(s3, 'PUT', '/first/b', { ...two, body: 'b' })).body).toContain(
    'is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::first/b because no resource-based policy',
  );
  expect(codeOf(await ask(s3, 'DELETE', '/first/a', two))).toBe('AccessDenied');
  for (const method of ['GET', 'PUT', 'DELETE']) {
    expect(codeOf(await ask(s3, method, '/first?policy', { ...two, body: policy }))).toBe('MethodNotAllowed');
  }
});

it('lets the policy of a bucket give to a user of its account, and take from everybody but the root its policy', async () => {
  const none = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:Nothing', Resource: '*' } };
  await using s3 = await start(now, { known: withAnn, rightsOf: annHas(none) });
  const [root, two] = [{}, { key: 'TWO' }];
  await ask(s3, 'PUT', '/first');
  await ask(s3, 'PUT', '/first/a', { body: 'a' });
  const give = (body: string) => ask(s3, 'PUT', '/first?policy', { body });
  expect(codeOf(await ask(s3, 'GET', '/first/a', two))).toBe('AccessDenied');
  await give(document(statement('Allow', { AWS: ann.arn }, 's3:GetObject')));
  expect((await ask(s3, 'GET', '/first/a', two)).body).toBe('a');
  await give(document(statement('Allow', { AWS: '000000000000' }, 's3:GetObject')));
  expect(codeOf(await ask(s3, 'GET', '/first/a', two))).toBe('AccessDenied');
  await give(document(statement('Deny', '*', 's3:*')));
  expect((await ask(s3, 'GET', '/first/a', root)).body).toContain('with an explicit deny in a resource-based policy');
  expect((await ask(s3, 'DELETE', '/first?policy', root)).status).toBe(204);
  expect((await ask(s3, 'GET', '/first/a', root)).body).toBe('a');
});

it('refuses a policy of a bucket that is none', async () => {
  await using s3 = await start();
  await ask(s3, 'PUT', '/first');
  for (const body of ['', '{}', '[]', document(), document({ Effect: 'Allow', Action: 's3:*', Resource: '*' })]) {
    expect(codeOf(await ask(s3, 'PUT', '/first?policy', { body })), body).toBe('MalformedPolicy');
  }
});
