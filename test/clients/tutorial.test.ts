import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { IAM } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Keys, keysOf } from '../support/access-keys.ts';
import { pythonEnvironment } from '../support/python.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';
import { twoTastes } from '../support/two-tastes.ts';

const run = promisify(execFile);
const environment = await pythonEnvironment('clients', join(import.meta.dirname, 'requirements.txt'));

let home: string;
let server: ServerProcess;
let interactions: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'openpersonalize-tutorial-'));
  const root = await keysOf(home, 'create-key');
  server = await startServerProcess({ home, options: ['--auth', 'on'] });
  engineer = await makeUser(root);
  interactions = join(home, 'interactions.csv');
  await writeFile(interactions, twoTastes());
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

let engineer: Keys;

/** A user as tutorials ask for: it may use the service, its roles and its buckets. */
async function makeUser(credentials: Keys): Promise<Keys> {
  const iam = new IAM({ endpoint: server.url, region: 'us-east-1', credentials });
  await iam.createUser({ UserName: 'engineer' });
  for (const name of ['AmazonPersonalizeReadOnlyAccess', 'IAMFullAccess', 'AmazonS3FullAccess']) {
    await iam.attachUserPolicy({ UserName: 'engineer', PolicyArn: `arn:aws:iam::aws:policy/${name}` });
  }
  const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AmazonPersonalizeFullAccess';
  await iam.attachUserPolicy({ UserName: 'engineer', PolicyArn });
  const { AccessKey } = await iam.createAccessKey({ UserName: 'engineer' });
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
}

/** All that tells a client where it goes is one variable. */
const variables = () => ({
  PATH: `${environment?.bin}:${process.env.PATH}`,
  HOME: home,
  AWS_ENDPOINT_URL: server.url,
  AWS_ACCESS_KEY_ID: engineer.accessKeyId,
  AWS_SECRET_ACCESS_KEY: engineer.secretAccessKey,
  AWS_DEFAULT_REGION: 'us-east-1',
});

describe.skipIf(!environment)('AWS’s getting-started tutorial runs with AWS_ENDPOINT_URL alone, signed', () => {
  it('by boto3, to the deletion of its role and its bucket', async () => {
    const script = join(import.meta.dirname, 'tutorial.py');
    const { stdout } = await run(environment?.python ?? '', [script, interactions], { env: variables() });
    expect(stdout).toMatch(/^done$/m);
  });

  it('by the AWS CLI', async () => {
    const script = join(import.meta.dirname, 'tutorial.sh');
    const { stdout } = await run('bash', [script, interactions], { env: variables() });
    const items = /^(?:[ab]\d+\s+){9}[ab]\d+$/m.exec(stdout)?.[0].split(/\s+/) ?? [];
    expect(items.filter((id) => id.startsWith('a')).length, stdout).toBeGreaterThanOrEqual(8);
  });
});
