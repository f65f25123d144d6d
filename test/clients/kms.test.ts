import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { KMS } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EndpointDataKeys } from '../../src/access/keys/endpoint-data-keys.ts';
import { type Keys, keysOf } from '../support/access-keys.ts';
import { pythonEnvironment } from '../support/python.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';

const run = promisify(execFile);
const environment = await pythonEnvironment('clients', join(import.meta.dirname, 'requirements.txt'));
const script = join(import.meta.dirname, 'kms_boto3.py');

describe('the keys of a server that verifies signatures', () => {
  let home: string;
  let server: ServerProcess;
  let keys: Keys;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'openpersonalize-kms-'));
    keys = await keysOf(home, 'create-key');
    server = await startServerProcess({ home, options: ['--auth', 'on'] });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await rm(home, { recursive: true, force: true });
  });

  it.skipIf(!environment)('take what boto3 signs, and nothing signed with another secret', async () => {
    const ask = (secret: string) =>
      run(environment?.python ?? '', [script, server.url], {
        env: { ...process.env, AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: secret },
      });
    expect((await ask(keys.secretAccessKey)).stdout).toBe('done\n');
    await expect(ask('x'.repeat(40))).rejects.toThrow(/InvalidSignatureException/);
  });
});

describe('the keys of a server', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServerProcess();
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  it.skipIf(!environment)('take aws kms', async () => {
    const env = {
      ...process.env,
      AWS_ENDPOINT_URL: server.url,
      AWS_ACCESS_KEY_ID: 'any',
      AWS_SECRET_ACCESS_KEY: 'any',
      AWS_DEFAULT_REGION: 'us-east-1',
    };
    const aws = async (...parameters: readonly string[]) => {
      const { stdout } = await run(join(environment?.bin ?? '', 'aws'), ['kms', ...parameters, '--output', 'text'], {
        env,
      });
      return stdout.trim();
    };
    const arn = await aws('create-key', '--description', 'films', '--query', 'KeyMetadata.Arn');
    expect(arn).toMatch(/^arn:aws:kms:us-east-1:000000000000:key\/[\da-f-]{36}$/);
    await aws('create-alias', '--alias-name', 'alias/films', '--target-key-id', arn);
    const plaintext = Buffer.from('a secret').toString('base64');
    // As files, since version 1 of the CLI takes parameters as they are and version 2 as base64.
    const file = async (name: string, content: string) => {
      await writeFile(join(server.home, name), Buffer.from(content, 'base64'));
      return `fileb://${join(server.home, name)}`;
    };
    const use = ['--encryption-context', 'purpose=test', '--query'];
    const blob = await aws(
      'encrypt',
      '--key-id',
      'alias/films',
      '--plaintext',
      await file('plain', plaintext),
      ...use,
      'CiphertextBlob',
    );
    const ciphertext = await file('blob', blob);
    expect(await aws('decrypt', '--ciphertext-blob', ciphertext, ...use, 'Plaintext')).toBe(plaintext);
    await aws('rotate-key-on-demand', '--key-id', arn);
    expect(await aws('decrypt', '--ciphertext-blob', ciphertext, ...use, 'Plaintext')).toBe(plaintext);
    await aws('schedule-key-deletion', '--key-id', arn, '--pending-window-in-days', '7');
    await expect(aws('decrypt', '--ciphertext-blob', ciphertext, ...use, 'Plaintext')).rejects.toThrow(
      /KMSInvalidStateException.*is pending deletion/,
    );
  });

  it('are those of another server that has it as its KMS', async () => {
    process.env.AWS_ACCESS_KEY_ID ??= 'any';
    process.env.AWS_SECRET_ACCESS_KEY ??= 'any';
    const kms = new KMS({ endpoint: server.url, region: 'us-east-1' });
    const kmsKeyArn = (await kms.createKey({})).KeyMetadata?.Arn ?? '';
    const datasetGroupArn = 'arn:aws:personalize:us-east-1:000000000000:dataset-group/films';
    const roleArn = 'arn:aws:iam::000000000000:role/keys';
    const use = { kmsKeyArn, account: '000000000000', datasetGroupArn, roleArn };
    const keys = new EndpointDataKeys({ endpoint: server.url, refusalOf: async () => undefined });
    const { plaintext, wrapped } = await keys.generate(use, { group: 'films' });
    await kms.rotateKeyOnDemand({ KeyId: kmsKeyArn });
    expect(await keys.unwrap(use, wrapped, { group: 'films' })).toEqual(plaintext);
    await kms.disableKey({ KeyId: kmsKeyArn });
    await expect(keys.unwrap(use, wrapped, { group: 'films' })).rejects.toMatchObject({ kind: 'disabled' });
    await kms.scheduleKeyDeletion({ KeyId: kmsKeyArn, PendingWindowInDays: 7 });
    await expect(keys.generate(use, { group: 'films' })).rejects.toMatchObject({ kind: 'pendingDeletion' });
    await keys.close();
    kms.destroy();
  });
});
