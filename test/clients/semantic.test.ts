import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { pythonEnvironment } from '../support/python.ts';
import { startServerProcess } from '../support/server.ts';

const run = promisify(execFile);
const environment = await pythonEnvironment('clients', join(import.meta.dirname, 'requirements.txt'));

test.skipIf(environment === undefined)(
  'boto3 finds items by their texts, new and changed ones without a training',
  async () => {
    await using server = await startServerProcess();
    const script = join(import.meta.dirname, 'semantic.py');
    const { stdout } = await run(environment?.python ?? '', [script, server.url, server.buckets]);
    expect(stdout).toBe('done\n');
  },
);
