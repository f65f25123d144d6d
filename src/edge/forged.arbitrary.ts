import fc from 'fast-check';
import type { Captured } from './capture.fixture.ts';

type Change = (request: Captured) => Captured;

const day = 86_400_000;

/** Pieces that parsers fall out over: of paths, of lines, of Unicode that some normal form makes equal. */
const tricks = [
  ...[
    '/',
    '//',
    '/.',
    '/..',
    '..',
    '%2F',
    '%2f',
    '%2e%2e',
    '\\',
    ';',
    '?',
    '#',
    '%',
    '%00',
    '%',
    '+',
    '%20',
    '%2B',
    '&',
    '=',
  ],
  ...['\0', '\r', '\n', '\r\n', '\t', ' ', '  ', ',', ':', '\u00a0', '\u2028', '\ufeff'],
  ...['ﬁ', 'é', 'e\u0301', 'İ', 'K', '／', '．', '\u200b', '%C0%AF'],
];
const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constantFrom(...tricks));
const position = fc.nat(600);

/** Text with a piece of it replaced, removed or put in. */
const edited = (original: string, from: number, length: number, put: string) =>
  original.slice(0, from % (original.length + 1)) + put + original.slice((from % (original.length + 1)) + length);

const edit = (change: (request: Captured, make: (original: string) => string) => Captured) =>
  fc.tuple(position, fc.nat(4), text).map(
    ([from, length, put]): Change =>
      (request) =>
        change(request, (original) => edited(original, from, length, put)),
  );

const withHeader =
  (name: string, change: (value: string) => string): Change =>
  (request) => ({
    ...request,
    headers: request.headers.map(([known, value]) => [known, known === name ? change(value) : value]),
  });

/** What a forger has: requests as they were sent to a server, and what it knows of that beside. */
export type Loot = {
  readonly captured: readonly Captured[];
  readonly accessKeyIds: readonly string[];
  readonly regions: readonly string[];
  /** Name and port of the server. */
  readonly host: string;
};

/** Headers that mean something to the server, which those who signed have not sent. */
const added = fc.constantFrom<readonly [string, string]>(
  ['x-amz-target', 'AmazonPersonalize.DeleteDataset'],
  ['x-amz-date', '20261121T235500Z'],
  ['date', 'Sat, 21 Nov 2026 23:55:00 GMT'],
  ['x-amz-security-token', 'FwoGZXIvYXdzEBYaD/+='],
  ['x-amz-content-sha256', 'UNSIGNED-PAYLOAD'],
  ['x-amz-copy-source', '/films/secret'],
  ['x-amz-meta-by', 'eve'],
  ['x-http-method-override', 'DELETE'],
  ['x-forwarded-host', 'elsewhere'],
  ['host', 'elsewhere'],
  ['authorization', 'Bearer token'],
  ['user-agent', 'eve'],
);

function changes({ captured, accessKeyIds, regions, host }: Loot): fc.Arbitrary<Change> {
  const headerName = fc.constantFrom(...new Set(captured.flatMap(({ headers }) => headers.map(([name]) => name))));
  return fc.oneof(
    edit((request, make) => ({ ...request, body: make(request.body) })),
    edit((request, make) => ({ ...request, url: make(request.url) })),
    // The same in other signs, to some readers.
    fc
      .constantFrom(
        ['%2B', '+'],
        ['%20', '+'],
        ['%20', ' '],
        ['%2F', '/'],
        ['/', '%2F'],
        ['%C3', '%c3'],
        ['é', 'e\u0301'],
      )
      .map(([from = '', to = '']): Change => {
        const inUrl = (url: string) => url.replaceAll(from, to);
        return (request) => ({ ...request, url: inUrl(request.url), body: request.body.replaceAll(from, to) });
      }),
    fc.constantFrom('GET', 'PUT', 'post', 'DELETE', 'HEAD', 'OPTIONS').map(
      (method): Change =>
        (request) => ({ ...request, method }),
    ),
    // Forged or truncated, also within the signature, the scope and the list of headers.
    fc
      .tuple(headerName, position, fc.nat(8), text)
      .map(([name, from, length, put]) => withHeader(name, (value) => edited(value, from, length, put))),
    fc
      .tuple(headerName, position)
      .map(([name, length]) => withHeader(name, (value) => value.slice(0, length % (value.length + 1)))),
    edit((request, make) => ({ ...request, headers: request.headers.map(([name, value]) => [make(name), value]) })),
    headerName.map(
      (name): Change =>
        (request) => ({ ...request, headers: request.headers.filter(([known]) => known !== name) }),
    ),
    // Put in, also a second time, before or behind the genuine one.
    fc.tuple(fc.oneof(added, fc.tuple(headerName, text)), fc.boolean()).map(
      ([header, first]): Change =>
        ({ headers, ...request }) => ({ ...request, headers: first ? [header, ...headers] : [...headers, header] }),
    ),
    // In another order.
    fc
      .shuffledSubarray(['content-type', 'host', 'x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token'])
      .map((order) =>
        withHeader('authorization', (value) =>
          value.replace(/SignedHeaders=[^,]*/, `SignedHeaders=${order.join(';')}`),
        ),
      ),
    position.map(
      (count): Change =>
        ({ headers, ...request }) => {
          const first = count % (headers.length + 1);
          return { ...request, headers: [...headers.slice(first), ...headers.slice(0, first)] };
        },
    ),
    // A query that is in another order, has a parameter twice, lacks one, or has the signature at another place.
    fc.tuple(position, position, fc.boolean()).map(
      ([from, to, keeps]): Change =>
        (request) => ({ ...request, url: movedParameter(request.url, from, to, keeps) }),
    ),
    fc
      .tuple(
        fc.constantFrom(
          'X-Amz-Expires',
          'X-Amz-Date',
          'X-Amz-SignedHeaders',
          'X-Amz-Signature',
          'X-Amz-Algorithm',
          'prefix',
        ),
        fc.oneof(fc.constantFrom('604800', '1', '-1', '20261121T235959Z', 'host', '', 'AWS4-HMAC-SHA256'), text),
      )
      .map(
        ([name, value]): Change =>
          (request) => ({ ...request, url: request.url.replace(new RegExp(`(${name}=)[^&]*`), `$1${value}`) }),
      ),
    // With another scope, or another's key.
    fc
      .tuple(
        fc.constantFrom(...accessKeyIds, 'AKIDEVE'),
        fc.constantFrom('20261121', '20261122'),
        fc.constantFrom(...regions),
        fc.constantFrom('personalize', 's3', 'iam'),
      )
      .map(([key, date, itsRegion, service]): Change => {
        const credential = `${key}/${date}/${itsRegion}/${service}/aws4_request`;
        const inHeader = withHeader('authorization', (value) =>
          value.replace(/Credential=[^,]*/, `Credential=${credential}`),
        );
        return (request) => ({
          ...inHeader(request),
          url: request.url.replace(/X-Amz-Credential=[^&]*/, `X-Amz-Credential=${encodeURIComponent(credential)}`),
        });
      }),
    fc
      .constantFrom(`${host}.`, host.toUpperCase(), 'localhost', '127.0.0.1:8642', 'localhost:80', '')
      .map((name) => withHeader('host', () => name)),
    // Replayed later, or known too early.
    fc.integer({ min: -400 * day, max: 400 * day }).map(
      (shift): Change =>
        (request) => ({ ...request, now: request.now + shift }),
    ),
  );
}

function movedParameter(url: string, from: number, to: number, keeps: boolean): string {
  const [path = '', query = ''] = url.split('?', 2);
  const parameters = query.split('&');
  const moved = parameters[from % parameters.length] ?? '';
  if (!keeps) parameters.splice(from % parameters.length, 1);
  parameters.splice(to % (parameters.length + 1), 0, moved);
  return `${path}?${parameters.join('&')}`;
}

/** A request that was captured, and what somebody has made of it. */
export const forgeryOf = (loot: Loot) =>
  fc
    .tuple(fc.constantFrom(...loot.captured), fc.array(changes(loot), { minLength: 1, maxLength: 3 }))
    .map(([original, made]) => ({
      original,
      forged: made.reduce((request, make) => make(request), original),
    }));
