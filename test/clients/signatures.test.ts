import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { outcome, received } from '../../src/access/signatures/signatures.fixture.ts';
import { pythonEnvironment } from '../support/python.ts';

const run = promisify(execFile);
const environment = await pythonEnvironment('clients', join(import.meta.dirname, 'requirements.txt'));

const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

it.skipIf(!environment).each([
  ['without a session', []],
  ['with a session token', ['FwoGZXIvYXdzEBYaD/+=']],
])("verifies whatever botocore signs %s, and not with another's secret", async (_, token) => {
  const script = join(import.meta.dirname, 'sign.py');
  const keys = ['AKIDEXAMPLE', secret, ...token];
  const { stdout } = await run(environment?.python ?? '', [script, '500', String(Date.now() % 1e6), ...keys], {
    maxBuffer: 2 ** 26,
  });
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength(500);
  for (const line of lines) {
    const { method, url, headers, body }: Sent = JSON.parse(line);
    const request = received({ method, url, body: Buffer.from(body, 'base64') }, Object.entries(headers));
    const now = Date.now();
    expect(outcome(request, { secret, now }), line).toBe('verified');
    expect(outcome(request, { secret: `${secret}.`, now })).toMatch(/^InvalidSignatureException/);
  }
});

type Sent = { method: string; url: string; headers: Record<string, string>; body: string };
