import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signed } from './sign.ts';
import { outcome, received } from './signatures.fixture.ts';
import type { SigningRules } from './signed-request.ts';
import { basicTime } from './signed-time.ts';
import { smithySigner } from './smithy.fixture.ts';

const at = Date.UTC(2026, 10, 21, 12, 0, 0);
const region = 'us-east-1';

/** As the SDK writes parts of a URL. */
const escaped = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

const rules = fc.constantFrom<SigningRules>(
  { service: 'personalize', path: 'normalized', unsignedPayload: false },
  { service: 's3', path: 'once', unsignedPayload: true },
);
const credentials = fc.record({
  accessKeyId: fc.stringMatching(/^[A-Z\d]{16,20}$/),
  secretAccessKey: fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }),
  sessionToken: fc.option(fc.base64String({ minLength: 4, maxLength: 80 }), { nil: undefined }),
});
const segment = fc.oneof(
  fc.constantFrom('events', 'recommendations', 'a.b', '~', '-_'),
  fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !['.', '..'].includes(text) && text.isWellFormed()),
);
const path = fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.map(escaped).join('/')}`);
const wellFormed = fc.string({ unit: 'grapheme' }).filter((text) => text.isWellFormed());
/** The SDK's signer keeps parameters in an object, which loses one of the name `__proto__`. */
const query = fc.dictionary(
  wellFormed.filter((name) => !['', '__proto__'].includes(name) && !/^x-amz-/i.test(name)),
  fc.oneof(wellFormed, fc.array(wellFormed, { maxLength: 3 })),
);
const headers = fc.dictionary(
  fc.stringMatching(/^my-[a-z\d-]{1,10}$/),
  fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/),
  { maxKeys: 4 },
);
const body = fc.oneof(fc.constant(new Uint8Array()), fc.uint8Array({ maxLength: 200 }));
const request = fc.record({ method: fc.constantFrom('GET', 'POST', 'PUT'), path, query, headers, body });

/** The query of a URL, as the SDK's own handler writes it. */
const queryText = (parameters: Readonly<Record<string, string | readonly string[]>>): string =>
  Object.entries(parameters)
    .flatMap(([name, values]) => [values].flat().map((value) => `${escaped(name)}=${escaped(value)}`))
    .join('&');

const urlOf = (sentPath: string, text: string) => (text === '' ? sentPath : `${sentPath}?${text}`);

describe('what clients sign', () => {
  it("is verified as the AWS SDK's own signer makes it, in both forms", async () => {
    await fc.assert(
      fc.asyncProperty(request, credentials, rules, fc.boolean(), async (given, keys, theRules, inQuery) => {
        const signer = smithySigner(keys, { region, service: theRules.service });
        const unsigned = {
          ...{ method: given.method, protocol: 'http:', hostname: 'localhost', path: given.path, query: given.query },
          headers: {
            ...given.headers,
            host: 'localhost:8642',
            // As the presigner of S3 has it.
            ...(inQuery && theRules.unsignedPayload && { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }),
          },
          body: given.body,
        };
        const made = inQuery
          ? await signer.presign(unsigned, { signingDate: new Date(at), expiresIn: 600 })
          : await signer.sign(unsigned, { signingDate: new Date(at) });
        const parameters = made.query as Readonly<Record<string, string | readonly string[]>>; // it sets no null
        const url = urlOf(made.path, queryText(parameters));
        const sent = received({ method: made.method, url, body: given.body }, Object.entries(made.headers));
        const check = { secret: keys.secretAccessKey, now: at, rules: theRules };
        expect(outcome(sent, check)).toBe('verified');
        expect(outcome(sent, { ...check, secret: `${keys.secretAccessKey}x` })).toMatch(/^InvalidSignatureException/);
      }),
      { numRuns: 400 },
    );
  });

  it("is signed here as the AWS SDK's own signer does", async () => {
    await fc.assert(
      fc.asyncProperty(request, credentials, rules, async (given, keys, theRules) => {
        const own = { ...given.headers, host: 'localhost:8642' };
        const url = urlOf(given.path, queryText(given.query));
        const mine = signed({ method: given.method, url, headers: own, body: given.body }, keys, {
          region,
          rules: theRules,
          at,
        });
        const signer = smithySigner(keys, { region, service: theRules.service });
        const unsigned = {
          ...{ method: given.method, protocol: 'http:', hostname: 'localhost', path: given.path, query: given.query },
          ...{ headers: own, body: given.body },
        };
        const theirs = await signer.sign(unsigned, { signingDate: new Date(at) });
        expect(mine['x-amz-date']).toBe(basicTime(at));
        expect({ ...mine }).toEqual({ ...theirs.headers });
      }),
      { numRuns: 200 },
    );
  });
});
