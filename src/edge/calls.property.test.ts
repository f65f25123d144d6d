import fc from 'fast-check';
import { expect, it } from 'vitest';
import { operationsByPath, operationsByTarget } from './addressing.ts';
import { httpServerFor, signed } from './http-server.fixture.ts';

// The test makes the output up.
const app = httpServerFor({ dispatch: () => Promise.resolve({} as never) });

const headerText = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) });
const target = fc.oneof(fc.constantFrom(...operationsByTarget.keys()), headerText);
const path = fc.oneof(
  fc.constantFrom('/', ...operationsByPath.keys()),
  fc.webPath().map((path) => `/x${path}`),
  headerText.map((text) => `/y${text}`),
);
const contentType = fc.oneof(fc.constantFrom('application/x-amz-json-1.1', 'application/json'), headerText);
const authorization = fc.oneof(
  fc.constant(signed.authorization),
  headerText,
  headerText.map((scope) => signed.authorization.replace(/Credential=\S+/, `Credential=${scope},`)),
);
const body = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.json().map((text) => Buffer.from(text)),
  fc
    .dictionary(fc.oneof(fc.constantFrom('name', 'userId', 'tags', 'schema', '__proto__'), fc.string()), fc.jsonValue())
    .map((value) => Buffer.from(JSON.stringify(value))),
);

it('answers arbitrary bytes with no status above 499, in the form that clients parse', async () => {
  await fc.assert(
    fc.asyncProperty(
      path,
      target,
      contentType,
      authorization,
      body,
      async (url, target, type, authorization, payload) => {
        const headers = { ...signed, authorization, 'x-amz-target': target, 'content-type': type };
        const answer = await app.inject({ method: 'POST', url, headers, payload });
        expect(answer.statusCode).toBeLessThan(500);
        if (answer.statusCode === 200) return;
        expect(answer.json()).toEqual({ __type: answer.headers['x-amzn-errortype'], message: expect.any(String) });
      },
    ),
    { numRuns: 500 },
  );
});
