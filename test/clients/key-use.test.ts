import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IAM } from '@aws-sdk/client-iam';
import { KMS } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { access, type Keys, keysOf } from '../support/access-keys.ts';
import { clients } from '../support/personalize.ts';
import { runOpenPersonalize, type ServerProcess, startServerProcess } from '../support/server.ts';

const account = '000000000000';
const roleArn = `arn:aws:iam::${account}:role/keys`;
const session = `arn:aws:sts::${account}:assumed-role/keys/PersonalizeService`;

let home: string;
let server: ServerProcess;
let root: Keys;
let ann: Keys;
let kms: KMS;
let iam: IAM;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'openpersonalize-key-use-'));
  root = await keysOf(home, 'create-key');
  await access(home, 'create-user', 'ann');
  ann = await keysOf(home, 'create-key', '--user', 'ann');
  server = await startServerProcess({ home, options: ['--auth', 'on'] });
  const settings = { endpoint: server.url, region: 'us-east-1', credentials: root, maxAttempts: 1 };
  kms = new KMS(settings);
  iam = new IAM(settings);
  const trust = { Effect: 'Allow', Principal: { Service: 'personalize.amazonaws.com' }, Action: 'sts:AssumeRole' };
  await iam.createRole({ RoleName: 'keys', AssumeRolePolicyDocument: policyOf(trust) });
});
afterAll(async () => {
  kms?.destroy();
  iam?.destroy();
  await server?.[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

const policyOf = (Statement: object) => JSON.stringify({ Version: '2012-10-17', Statement });

const mayOf = (user: string, ...actions: readonly string[]) =>
  iam.putUserPolicy({
    UserName: user,
    PolicyName: 'own',
    PolicyDocument: policyOf({ Effect: 'Allow', Action: actions, Resource: '*' }),
  });

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('a dataset group with a key', () => {
  const create = (name: string, more: object) =>
    refusal(clients(server.url, ann).personalize.createDatasetGroup({ name, ...more }));
  let kmsKeyArn: string;
  beforeAll(async () => {
    kmsKeyArn = (await kms.createKey({})).KeyMetadata?.Arn ?? '';
  });

  it('is created by who may pass a role that may use the key, by a grant too, and by nobody else', async () => {
    await mayOf('ann', 'personalize:CreateDatasetGroup');
    expect(await create('films', { kmsKeyArn })).toMatch(/^InvalidInputException: .* together with roleArn/);
    expect(await create('films', { kmsKeyArn, roleArn })).toMatch(
      new RegExp(`^AccessDeniedException: User: .*user/ann .*iam:PassRole on resource: ${roleArn} `),
    );
    await mayOf('ann', 'personalize:CreateDatasetGroup', 'iam:PassRole');
    const isNotAllowed = (action: string) =>
      `InvalidInputException: User: ${session} is not authorized to perform: ${action} on resource: ${kmsKeyArn} ` +
      `because no identity-based policy allows the ${action} action.`;
    expect(await create('films', { kmsKeyArn, roleArn })).toBe(isNotAllowed('kms:GenerateDataKey'));
    const foreign = kmsKeyArn.replace(account, '210987654321');
    expect(await create('films', { kmsKeyArn: foreign, roleArn })).toBe(
      isNotAllowed('kms:GenerateDataKey').replace(kmsKeyArn, foreign),
    );
    const grant = (...Operations: ('GenerateDataKey' | 'Decrypt')[]) =>
      kms.createGrant({ KeyId: kmsKeyArn, GranteePrincipal: roleArn, Operations });
    await grant('GenerateDataKey');
    expect(await create('films', { kmsKeyArn, roleArn })).toBe(isNotAllowed('kms:Decrypt'));
    await grant('Decrypt');
    expect(await create('films', { kmsKeyArn, roleArn })).toBe('none');
  });

  it('is in the audit trail with each use of its key by the service, refused ones too', async () => {
    const stops = await server.stop();
    expect(stops).toBe(0);
    const program = runOpenPersonalize(['audit', 'search', '--resource', kmsKeyArn, '--json', '--home', home]);
    await new Promise((resolve) => program.process.once('close', resolve));
    const records = program
      .output()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
      .filter(({ userIdentity }) => userIdentity.invokedBy === 'personalize.amazonaws.com');
    expect(records.map(({ eventName, errorCode }) => `${eventName} ${errorCode ?? 'done'}`)).toEqual([
      'GenerateDataKey AccessDeniedException',
      'GenerateDataKey done',
      'Decrypt AccessDeniedException',
      'GenerateDataKey done',
      'Decrypt done',
    ]);
    expect(records[0].userIdentity).toMatchObject({ type: 'AssumedRole', arn: session });
    const verify = runOpenPersonalize(['audit', 'verify', '--home', home]);
    expect(await new Promise((resolve) => verify.process.once('close', resolve))).toBe(0);
  });
});
