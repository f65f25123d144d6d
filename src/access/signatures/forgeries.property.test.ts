import { normalize } from 'node:path/posix';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { signed } from './sign.ts';
import { outcome, received } from './signatures.fixture.ts';
import { personalizeRules, type SignedRequest } from './signed-request.ts';

/** `SIGNATURE_FORGERIES=10000000 npx vitest run src/access/signatures/forgeries` tries so many. */
const numRuns = Number(process.env.SIGNATURE_FORGERIES ?? 20_000);

const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const at = Date.UTC(2026, 10, 21, 23, 55, 0);
const day = 86_400_000;
const url = '/recommendations';
const body = '{"campaignArn":"arn","userId":"1"}';
const genuine = Object.entries(
  signed(
    {
      ...{ method: 'POST', url, body: Buffer.from(body) },
      headers: { host: 'localhost:8642', 'content-type': 'application/json', 'x-amz-target': 'AmazonPersonalize.X' },
    },
    { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: secret, sessionToken: 'token' },
    { region: 'eu-west-1', rules: personalizeRules, at },
  ),
);
const names = genuine.map(([name]) => name);

/** What somebody on the way has of a request. */
type Captured = {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly now: number;
};
const captured: Captured = { method: 'POST', url, body, headers: genuine, now: at };

type Change = (request: Captured) => Captured;

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('%2F', '..', '\0', '\r\n', 'ﬁ', 'é'),
);
const position = fc.nat(400);

/** Text with a piece of it replaced, removed or put in. */
const edited = (original: string, from: number, length: number, put: string) =>
  original.slice(0, from % (original.length + 1)) + put + original.slice((from % (original.length + 1)) + length);

const edit = (change: (request: Captured, make: (original: string) => string) => Captured) =>
  fc.tuple(position, fc.nat(4), text).map(
    ([from, length, put]): Change =>
      (request) =>
        change(request, (original) => edited(original, from, length, put)),
  );

const ofHeader =
  (name: string, change: (value: string) => string): Change =>
  (request) => ({
    ...request,
    headers: request.headers.map(([known, value]) => [known, known === name ? change(value) : value]),
  });

const headerName = fc.constantFrom(...names);

const change: fc.Arbitrary<Change> = fc.oneof(
  edit((request, make) => ({ ...request, body: make(request.body) })),
  edit((request, make) => ({ ...request, url: make(request.url) })),
  fc.constantFrom('GET', 'PUT', 'post', 'DELETE').map(
    (method): Change =>
      (request) => ({ ...request, method }),
  ),
  // Forged or truncated, also within the signature, the scope and the list of headers.
  fc
    .tuple(headerName, position, fc.nat(8), text)
    .map(([name, from, length, put]) => ofHeader(name, (value) => edited(value, from, length, put))),
  fc
    .tuple(headerName, position)
    .map(([name, length]) => ofHeader(name, (value) => value.slice(0, length % value.length))),
  headerName.map(
    (name): Change =>
      (request) => ({
        ...request,
        headers: request.headers.filter(([known]) => known !== name),
      }),
  ),
  // Twice, before or behind the genuine one.
  fc.tuple(headerName, fc.boolean(), text).map(
    ([name, first, value]): Change =>
      ({ headers, ...request }) => ({
        ...request,
        headers: first ? [[name, value], ...headers] : [...headers, [name, value]],
      }),
  ),
  // In another order.
  fc
    .shuffledSubarray(['content-type', 'host', 'x-amz-date', 'x-amz-security-token', 'x-amz-target'])
    .map((order) =>
      ofHeader('authorization', (value) => value.replace(/SignedHeaders=[^,]*/, `SignedHeaders=${order.join(';')}`)),
    ),
  // With another scope.
  fc
    .tuple(
      fc.constantFrom('AKIDEXAMPLE', 'AKIDEXAMPLF'),
      fc.constantFrom('20261121', '20261122'),
      fc.constantFrom('eu-west-1', 'us-east-1'),
    )
    .map(([key, date, region]) =>
      ofHeader('authorization', (value) =>
        value.replace(/Credential=[^,]*/, `Credential=${key}/${date}/${region}/personalize/aws4_request`),
      ),
    ),
  // Replayed later, or known too early.
  fc.integer({ min: -400 * day, max: 400 * day }).map(
    (shift): Change =>
      (request) => ({ ...request, now: at + shift }),
  ),
);

/** A character for each byte, as Node has it of headers. */
const asReceived = ({ headers, ...request }: Captured): SignedRequest =>
  received(
    request,
    headers.map(([name, value]) => [name, Buffer.from(value).toString('latin1')]),
  );

/** What a signature says, with all that it covers; only of what is genuine may it be verified. */
function meaningOf(request: Captured): string {
  const { method, url: sentUrl, headers, rawHeaders } = asReceived(request);
  const values = names.map((name) => String(headers[name]).replace(/\s/g, ''));
  const [path = '', ...query] = sentUrl.replace(/\?&*$/, '').split('?');
  return JSON.stringify([method, normalize(path), query, request.body, values, rawHeaders.length]);
}

const isTimely = ({ now }: Captured) => Math.abs(now - at) <= 900_000;

it('lets nobody in with what was captured of a request, whatever is changed in it', () => {
  const own = meaningOf(captured);
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const forged = changes.reduce((request, make) => make(request), captured);
      const verdict = outcome(asReceived(forged), { secret, accessKeyId: 'AKIDEXAMPLE', now: forged.now });
      if (meaningOf(forged) === own && isTimely(forged)) return;
      const isRefused =
        /^(IncompleteSignature: |InvalidSignatureException: |MissingAuthenticationToken: |unknown access key$)/;
      if (!isRefused.test(verdict)) throw new Error(`${verdict}: ${JSON.stringify(forged)}`);
    }),
    { numRuns },
  );
  expect(outcome(asReceived(captured), { secret, now: at })).toBe('verified');
});
