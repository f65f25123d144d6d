import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pythonEnvironment } from '../support/python.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';

const run = promisify(execFile);
const environment = await pythonEnvironment('clients', join(import.meta.dirname, 'requirements.txt'));

describe.skipIf(environment === undefined).each([
  { server: 'a server', options: [] },
  { server: 'a server with two processes that answer', options: ['--processes', '2'] },
])('boto3 deletes users: $server', ({ options }) => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServerProcess({ options });
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  test('from data, a model, and what follows their events', async () => {
    const script = join(import.meta.dirname, 'deletion.py');
    const { stdout } = await run(environment?.python ?? '', [script, server.url, server.buckets]);
    expect(stdout).toBe('done\n');
  });
});
