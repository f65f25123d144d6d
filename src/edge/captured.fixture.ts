import type { Signer } from '../access/principals/verified-principal.ts';
import { signatureVerifier } from '../access/principals/verified-principal.ts';
import { received } from '../access/signatures/signatures.fixture.ts';
import { personalizeRules, type SignedRequest } from '../access/signatures/signed-request.ts';
import { type Captured, captureAs, type Form, type Unsigned } from './capture.fixture.ts';
import { s3Rules } from './s3/s3-authentication.ts';

/** When all of them were signed. */
export const signedAt = Date.UTC(2026, 10, 21, 23, 55, 0);
export const host = 'localhost:8642';
export const region = 'eu-west-1';

const token = 'FwoGZXIvYXdzEBYaD/+=';
const account = '111122223333';
const secretOf = (name: string) => `wJalrXUtnFEMI/K7MDENG/bPxRfiCY${name}`;
const principalOf = (name: string) =>
  ({ kind: 'user', account, arn: `arn:aws:iam::${account}:user/${name}`, name, id: `AIDA${name}` }) as const;

/** Two users have a key each, and ada a session besides. */
const keys = new Map(
  ['ada', 'bob'].map((name) => [
    `AKID${name.toUpperCase()}`,
    { principal: principalOf(name), isActive: true, secret: () => secretOf(name) },
  ]),
);
const session = {
  ...{ accessKeyId: 'ASIDADA', secretAccessKey: secretOf('ada in a session'), principal: principalOf('ada') },
  expiresAt: Number.POSITIVE_INFINITY,
};

export const principals = {
  find: (id: string) => keys.get(id),
  session: (given: string) => (given === token ? session : undefined),
};

/** A verifier of what `captured` holds, with its own clock. */
export const verifierAt = (
  now: () => number,
): ((...request: Parameters<ReturnType<typeof signatureVerifier>>) => Signer) => signatureVerifier({ principals, now });

/** Signs as the AWS SDK does. */
const capture = (unsigned: Unsigned, { temporary = false, ...how }: Form & { readonly temporary?: boolean }) =>
  captureAs(unsigned, {
    ...how,
    ...{ host, region, signedAt },
    credentials: {
      accessKeyId: temporary ? 'ASIDADA' : 'AKIDADA',
      secretAccessKey: secretOf(temporary ? 'ada in a session' : 'ada'),
      ...(temporary && { sessionToken: token }),
    },
  });

const rest = { 'content-type': 'application/json' };
const json = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AmazonPersonalize.ListRecipes' };
const recommendations = '{"campaignArn":"arn:aws:personalize:eu-west-1:111122223333:campaign/c","userId":"é1"}';
const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** Requests of all services, in both forms of a signature. */
export const captured: readonly Captured[] = await Promise.all([
  capture(
    { method: 'POST', path: '/recommendations', headers: rest, body: recommendations },
    { service: 'personalize', temporary: true },
  ),
  capture({ method: 'POST', path: '/', headers: json, body: '{}' }, { service: 'personalize' }),
  capture(
    { method: 'GET', path: '/admin/events', query: { limit: '20', user: 'a+b é' }, headers: {} },
    { service: 'personalize', inQuery: true },
  ),
  capture(
    {
      ...{ method: 'PUT', path: '/films/a%20b/%C3%A9.csv', query: { 'x-id': 'PutObject' } },
      headers: {
        'x-amz-content-sha256': emptyHash,
        'x-amz-meta-by': 'ada  lovelace',
        'x-amz-storage-class': 'STANDARD',
      },
    },
    { service: 's3' },
  ),
  capture(
    {
      ...{ method: 'GET', path: '/films', query: { prefix: 'a+b c/', 'list-type': '2' } },
      headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
    },
    { service: 's3', inQuery: true, temporary: true },
  ),
]);

/** Which of the services' rules a captured request has, by its place. */
export const rulesOf = (request: Captured) => (captured.indexOf(request) < 3 ? personalizeRules : s3Rules);

/** A character for each byte, as Node has it of headers. */
export const asReceived = ({ headers, ...request }: Captured): SignedRequest =>
  received(
    request,
    headers.map(([name, value]) => [name, Buffer.from(value).toString('latin1')]),
  );
