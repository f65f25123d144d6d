import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { pythonEnvironment } from '../support/python.ts';
import { startServerProcess } from '../support/server.ts';

const environment = await pythonEnvironment('clients', join(import.meta.dirname, 'requirements.txt'));

test.skipIf(environment === undefined)('boto3 exports datasets, gives them columns and adds to them', async () => {
  await using server = await startServerProcess();
  const script = join(import.meta.dirname, 'export.py');
  const { stdout } = await promisify(execFile)(environment?.python ?? '', [script, server.url, server.buckets]);
  expect(stdout).toBe('done\n');
});
