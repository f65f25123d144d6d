import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serviceOperations } from '../../src/contract/operations.ts';
import { type Server, startServer } from '../../src/server.ts';
import { serviceModels } from './service-model.ts';
import { validInput, violations } from './violations.ts';

let home: string;
let server: Server;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'openpersonalize-wire-'));
  server = await startServer({ home, port: 0, logLevel: 'silent' });
});

afterAll(async () => {
  await server.close();
  await rm(home, { recursive: true });
});

const signed =
  'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/personalize/aws4_request, ' +
  'SignedHeaders=host;x-amz-date, Signature=00';

async function call(name: string, body: string) {
  const model = serviceModels.find((candidate) => name in candidate.operations);
  const rest = model?.protocol === 'rest-json';
  const path = model?.operations[name]?.http.split(' ')[1] ?? '/';
  const response = await fetch(rest ? server.url + path : server.url, {
    method: 'POST',
    headers: {
      authorization: signed,
      'x-amz-date': '20260101T000000Z',
      'content-type': rest ? 'application/json' : 'application/x-amz-json-1.1',
      ...(!rest && { 'x-amz-target': `AmazonPersonalize.${name}` }),
    },
    body,
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('over the wire', () => {
  test('every constraint of every operation, broken once, is the caller’s mistake', async () => {
    const wrong: string[] = [];
    for (const { operation, rule, input, expected } of violations) {
      const { status, headers, text } = await call(operation, JSON.stringify(input));
      const answer: unknown = JSON.parse(text);
      const isRefused =
        status === 400 && headers.get('x-amzn-errortype') === expected && headers.has('x-amzn-requestid');
      if (isRefused && matches(answer, { __type: expected, message: expect.stringMatching(/\S/) })) continue;
      wrong.push(`${operation} ${rule} → ${status} ${text}`);
    }
    expect(wrong).toEqual([]);
  });

  test.each(Object.keys(serviceOperations))('%s with every member given is never a defect', async (name) => {
    const { status } = await call(name, JSON.stringify(validInput(name)));
    expect(status).toBeLessThan(500);
  });

  test('whatever JSON comes, the answer is never a defect', async () => {
    const bodies = fc.oneof(fc.json(), fc.string({ unit: 'binary' }));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(serviceOperations)), bodies, async (name, body) => {
        const { status } = await call(name, body);
        return status < 500;
      }),
      { numRuns: 300 },
    );
  });
});

function matches(actual: unknown, expected: unknown): boolean {
  try {
    expect(actual).toEqual(expected);
    return true;
  } catch {
    return false;
  }
}
