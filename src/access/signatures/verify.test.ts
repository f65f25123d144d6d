import { describe, expect, it } from 'vitest';
import { canonicalRequest } from './canonical-request.ts';
import { signed } from './sign.ts';
import { outcome, received } from './signatures.fixture.ts';
import { personalizeRules, type SignedRequest } from './signed-request.ts';
import { basicTime } from './signed-time.ts';
import { signingKey } from './signing-keys.ts';
import { signatureOf } from './verify.ts';

const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const at = Date.UTC(2026, 10, 21, 23, 55, 0);
const minute = 60_000;
const mismatch =
  'InvalidSignatureException: The request signature we calculated does not match the signature you provided. Check ' +
  'your AWS Secret Access Key and signing method. Consult the service documentation for details.';

const request = {
  method: 'POST',
  url: '/',
  body: '{"name":"films"}',
  headers: {
    host: 'localhost:8642',
    'x-amz-target': 'AmazonPersonalize.CreateDatasetGroup',
    'content-type': 'application/x-amz-json-1.1',
  },
};

type Changes = { readonly body?: string; readonly url?: string; readonly service?: string; readonly sentAt?: number };

/** A request as a client signs it, with headers as the test has them by then. */
function sent(headersOf: (headers: Record<string, string>) => object = (headers) => headers, changes: Changes = {}) {
  const { body = request.body, url = request.url, service = 'personalize', sentAt = at } = changes;
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: secret };
  const rules = { ...personalizeRules, service };
  const headers = signed({ ...request, body: Buffer.from(request.body) }, credentials, {
    region: 'eu-west-1',
    rules,
    at: sentAt,
  });
  return received({ method: 'POST', url, body }, Object.entries<string>({ ...headersOf({ ...headers }) }));
}

const verdict = (given: SignedRequest, now = at) => outcome(given, { secret, now });

const authorization =
  (change: (header: string) => string) => (headers: Readonly<Partial<Record<'authorization', string>>>) => ({
    ...headers,
    authorization: change(headers.authorization ?? ''),
  });

describe('a signed request', () => {
  it('is verified, whatever its client added afterwards', () => {
    expect(verdict(sent())).toBe('verified');
    expect(verdict(sent((headers) => ({ ...headers, 'user-agent': 'x', 'amz-sdk-request': 'attempt=2' })))).toBe(
      'verified',
    );
  });

  it.each<[string, SignedRequest]>([
    ['another secret', sent(authorization((text) => text.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))))],
    ['another body', sent(undefined, { body: '{"name":"films2"}' })],
    ['no body', sent(undefined, { body: '' })],
    ['another path', sent(undefined, { url: '/events' })],
    ['a query', sent(undefined, { url: '/?a=b' })],
    ['another host', sent((headers) => ({ ...headers, host: 'other:8642' }))],
    ['another operation', sent((headers) => ({ ...headers, 'x-amz-target': 'AmazonPersonalize.DeleteDataset' }))],
    ['another time', sent((headers) => ({ ...headers, 'x-amz-date': basicTime(at + 1000) }))],
    ['another region', sent(authorization((text) => text.replace('eu-west-1', 'eu-west-2')))],
    ['fewer headers', sent(authorization((text) => text.replace('content-type;', '')))],
    ['a signature that is none', sent(authorization((text) => text.replace(/Signature=.*/, 'Signature=00')))],
    [
      'upper case',
      sent(
        authorization((text) =>
          text.replace(/Signature=.*/, (found) => found.toUpperCase().replace('SIGNATURE', 'Signature')),
        ),
      ),
    ],
    [
      'a body that is said to be unsigned',
      sent((headers) => ({ ...headers, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }), { body: '{}' }),
    ],
  ])('with %s does not match', (_, given) => expect(verdict(given)).toBe(mismatch));

  it.each<[string, SignedRequest, string | RegExp]>([
    [
      'made for another service',
      sent(undefined, { service: 's3' }),
      "InvalidSignatureException: Credential should be scoped to correct service: 'personalize'.",
    ],
    [
      'without a header that it has signed',
      sent(({ 'content-type': _, ...headers }) => headers),
      "InvalidSignatureException: The request has no header 'content-type', which its signature names.",
    ],
    [
      'whose scope has another day',
      sent(authorization((text) => text.replace('20261121', '20261122'))),
      'InvalidSignatureException: Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from ' +
        "HTTP: '20261122' != '20261121', from '20261121T235500Z'.",
    ],
    [
      'whose time is none',
      sent((headers) => ({ ...headers, 'x-amz-date': '20261321T235500Z' })),
      /^IncompleteSignature: Date must be in ISO-8601 'basic format'. Got '20261321T235500Z'./,
    ],
    [
      'that does not cover its host',
      sent(authorization((text) => text.replace('host;', ''))),
      "IncompleteSignature: 'host' must be a 'SignedHeader' in the AWS Authorization.",
    ],
    [
      'that does not cover its time',
      sent(authorization((text) => text.replace('x-amz-date;', ''))),
      "IncompleteSignature: 'x-amz-date' must be a 'SignedHeader' in the AWS Authorization.",
    ],
    [
      'that does not cover its operation',
      sent(authorization((text) => text.replace(';x-amz-target', ''))),
      "IncompleteSignature: 'x-amz-target' must be a 'SignedHeader' in the AWS Authorization.",
    ],
    [
      'whose headers are in another order',
      sent(authorization((text) => text.replace('content-type;host', 'host;content-type'))),
      /^IncompleteSignature: SignedHeaders must be names of headers in lower case, in order/,
    ],
    [
      'with two signatures in one header',
      sent(authorization((text) => `${text}, Signature=${'0'.repeat(64)}`)),
      "IncompleteSignature: Authorization header has 'Signature' twice.",
    ],
    [
      'with another signature in its query',
      sent(undefined, { url: `/?X-Amz-Signature=${'0'.repeat(64)}` }),
      'IncompleteSignature: The request has a signature in its query and another in its Authorization header.',
    ],
  ])('%s is refused', (_, given, expected) => expect(verdict(given)).toMatch(expected));

  it.each(['host', 'authorization', 'x-amz-date', 'x-amz-target', 'content-type'])('has one %s alone', (name) => {
    const { headers, ...given } = sent();
    const pairs = Object.entries(headers).map(([known, value]) => [known, String(value)] as const);
    expect(verdict(received(given, [...pairs, [name.toUpperCase(), 'x']]))).toBe(
      `IncompleteSignature: The request has two headers '${name}'.`,
    );
  });

  it('is good for 15 minutes, before and after', () => {
    expect(verdict(sent(), at + 15 * minute)).toBe('verified');
    expect(verdict(sent(), at - 15 * minute)).toBe('verified');
    expect(verdict(sent(), at + 15 * minute + 1000)).toBe(
      'InvalidSignatureException: Signature expired: 20261121T235500Z is now earlier than 20261121T235501Z ' +
        '(20261122T001001Z - 15 min.)',
    );
    expect(verdict(sent(), at - 15 * minute - 1000)).toBe(
      'InvalidSignatureException: Signature not yet current: 20261121T235500Z is still later than 20261121T235459Z ' +
        '(20261121T233959Z + 15 min.)',
    );
  });

  it('may say its time in a Date header', () => {
    const date = 'Sat, 21 Nov 2026 23:55:00 GMT';
    const given = received({ method: 'GET', url: '/' }, [
      ['Host', 'h'],
      ['Date', date],
    ]);
    const names = ['date', 'host'];
    const hashOfNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    const canonical = canonicalRequest(given, names, hashOfNothing, personalizeRules);
    const scope = { date: '20261121', region: 'eu-west-1', service: 'personalize' };
    const text = '20261121/eu-west-1/personalize/aws4_request';
    const signature = signatureOf(canonical, basicTime(at), text, signingKey(secret, scope));
    const header = `AWS4-HMAC-SHA256 Credential=AKID/${text}, SignedHeaders=date;host, Signature=${signature}`;
    const withIt = { ...given, headers: { ...given.headers, authorization: header } };
    const whole = { ...withIt, rawHeaders: Object.entries(withIt.headers).flat().map(String) };
    expect(verdict(whole)).toBe('verified');
    expect(verdict({ ...whole, headers: { ...whole.headers, date: 'today' } })).toMatch(/^IncompleteSignature: Date/);
  });
});

describe('a signed URL', () => {
  const scope = { date: '20261121', region: 'eu-west-1', service: 'personalize' };
  function presigned({ expires, url = '/events' }: { expires?: string; url?: string } = {}): SignedRequest {
    const parameters = new URLSearchParams({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'AKID/20261121/eu-west-1/personalize/aws4_request',
      'X-Amz-Date': basicTime(at),
      'X-Amz-SignedHeaders': 'host',
      ...(expires !== undefined && { 'X-Amz-Expires': expires }),
    });
    const body = '{}';
    const unsigned = received({ method: 'POST', url: `${url}?${parameters}`, body }, [['host', 'h']]);
    const bodyHash = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';
    const canonical = canonicalRequest(unsigned, ['host'], bodyHash, personalizeRules);
    const text = '20261121/eu-west-1/personalize/aws4_request';
    const signature = signatureOf(canonical, basicTime(at), text, signingKey(secret, scope));
    return { ...unsigned, url: `${unsigned.url}&X-Amz-Signature=${signature}` };
  }

  it('is good for as long as it says, at most seven days, and for 15 minutes if it says nothing', () => {
    expect(verdict(presigned(), at + 15 * minute)).toBe('verified');
    expect(verdict(presigned(), at + 16 * minute)).toMatch(/^InvalidSignatureException: Signature expired: /);
    expect(verdict(presigned({ expires: '604800' }), at + 604_800_000)).toBe('verified');
    expect(verdict(presigned({ expires: '60' }), at + minute + 1)).toBe(
      'InvalidSignatureException: Signature expired: 20261121T235600Z is now earlier than 20261121T235600Z',
    );
    expect(verdict(presigned({ expires: '60' }), at - 16 * minute)).toMatch(/Signature not yet current/);
    for (const expires of ['0', '604801', '-1', '1e3', 'soon']) {
      expect(verdict(presigned({ expires }))).toBe(
        'IncompleteSignature: X-Amz-Expires must be a whole number of seconds from 1 to 604800.',
      );
    }
  });

  it('covers its body, and all of its parameters', () => {
    const given = presigned({ expires: '60' });
    expect(verdict(given)).toBe('verified');
    expect(verdict({ ...given, body: Buffer.from('{ }') })).toBe(mismatch);
    expect(verdict({ ...given, url: given.url.replace('Expires=60', 'Expires=600') })).toBe(mismatch);
    expect(verdict({ ...given, url: `${given.url}&a=b` })).toBe(mismatch);
    expect(verdict({ ...given, url: `${given.url}&X-Amz-Expires=600` })).toBe(mismatch);
  });
});
