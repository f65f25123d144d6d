import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { pythonEnvironment } from '../support/python.ts';
import { startServerProcess } from '../support/server.ts';

const run = promisify(execFile);
const environment = await pythonEnvironment('clients', join(import.meta.dirname, 'requirements.txt'));

describe.skipIf(environment === undefined)('boto3 walks through a domain', () => {
  test.each(['ECOMMERCE', 'VIDEO_ON_DEMAND'])('%s', async (domain) => {
    await using server = await startServerProcess();
    const script = join(import.meta.dirname, 'domains.py');
    const { stdout } = await run(environment?.python ?? '', [script, server.url, server.buckets, domain]);
    expect(stdout).toBe('done\n');
  });
});
