import type { Signer } from '../access/principals/verified-principal.ts';
import { signatureVerifier } from '../access/principals/verified-principal.ts';
import { received } from '../access/signatures/signatures.fixture.ts';
import { personalizeRules, type SignedRequest } from '../access/signatures/signed-request.ts';
import { smithySigner } from '../access/signatures/smithy.fixture.ts';
import { s3Rules } from './s3/s3-authentication.ts';

/** What somebody on the way has of a request: text, as it went over the wire. */
export type Captured = {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly headers: readonly (readonly [string, string])[];
  /** When it is sent: milliseconds since the epoch. */
  readonly now: number;
};

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

type Unsigned = {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

const escaped = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);

/** Signs as the AWS SDK does. */
async function capture(
  { method, path, query = {}, headers, body = '' }: Unsigned,
  { service, inQuery = false, temporary = false }: { service: string; inQuery?: boolean; temporary?: boolean },
): Promise<Captured> {
  const credentials = {
    accessKeyId: temporary ? 'ASIDADA' : 'AKIDADA',
    secretAccessKey: secretOf(temporary ? 'ada in a session' : 'ada'),
    ...(temporary && { sessionToken: token }),
  };
  const signer = smithySigner(credentials, { region, service });
  const unsigned = {
    ...{ method, protocol: 'http:', hostname: 'localhost', path, query, body },
    headers: { ...headers, host },
  };
  const signingDate = new Date(signedAt);
  const made = inQuery
    ? await signer.presign(unsigned, { signingDate, expiresIn: 3600 })
    : await signer.sign(unsigned, { signingDate });
  const pairs = Object.entries(made.query ?? {}).flatMap(([name, values]) =>
    [values].flat().map((value) => `${escaped(name)}=${escaped(value ?? '')}`),
  );
  const url = pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
  return { method, url, body, headers: Object.entries(made.headers), now: signedAt };
}

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
