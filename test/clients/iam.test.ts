import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { IAM } from '@aws-sdk/client-iam';
import { STS } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { access, type Keys, keysOf } from '../support/access-keys.ts';
import { pythonEnvironment } from '../support/python.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';

const run = promisify(execFile);
const environment = await pythonEnvironment('clients', join(import.meta.dirname, 'requirements.txt'));
const account = '111122223333';

let home: string;
let verifying: ServerProcess;
let open: ServerProcess;
let root: Keys;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'openpersonalize-iam-'));
  verifying = await startServerProcess({ home, options: ['--auth', 'on'] });
  await access(home, 'create-account', '--account', account);
  root = await keysOf(home, 'create-key', '--account', account);
  open = await startServerProcess();
});
afterAll(async () => {
  await verifying?.[Symbol.asyncDispose]();
  await open?.[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

const variables = (url: string, { accessKeyId, secretAccessKey }: Keys) => ({
  ...process.env,
  AWS_ENDPOINT_URL: url,
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  AWS_DEFAULT_REGION: 'eu-west-1',
  AWS_MAX_ATTEMPTS: '1',
});

const anybody = { accessKeyId: 'anybody', secretAccessKey: 'anything' };
const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { Service: 'personalize.amazonaws.com' }, Action: 'sts:AssumeRole' },
});

describe.skipIf(!environment)('boto3 and the AWS CLI', () => {
  it('do with IAM and STS what tutorials do, signed', async () => {
    const script = join(import.meta.dirname, 'iam_boto3.py');
    const env = variables(verifying.url, root);
    const { stdout } = await run(environment?.python ?? '', [script, account, '1'], { env });
    const secret = stdout.trim();
    expect(secret).toMatch(/^[\w+/]{40}$/);
    const files = await readdir(join(home, 'audit'));
    const trail = (await Promise.all(files.map((file) => readFile(join(home, 'audit', file), 'utf8')))).join('');
    expect(trail).not.toContain(secret);
    const records = trail.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
    const created = records.find(({ eventName }) => eventName === 'CreateAccessKey');
    expect(created).toMatchObject({
      eventSource: 'iam.amazonaws.com',
      userIdentity: { type: 'Root', accountId: account },
      requestParameters: { userName: 'ann' },
      responseElements: { accessKey: { secretAccessKey: 'HIDDEN_DUE_TO_SECURITY_REASONS' } },
    });
    expect(records.find(({ errorCode }) => errorCode === 'EntityAlreadyExistsException')).toMatchObject({
      eventName: 'CreateRole',
      errorMessage: 'Role with name PersonalizeRole already exists.',
      readOnly: false,
    });
  });

  it('work from the command line, also where no signature is verified', async () => {
    for (const [url, keys] of [
      [verifying.url, root],
      [open.url, anybody],
    ] as const) {
      const aws = async (...parameters: readonly string[]) => {
        const program = [join(environment?.bin ?? '', 'aws'), ...parameters, '--output', 'json'];
        const { stdout } = await run(environment?.python ?? '', program, { env: variables(url, keys) });
        return stdout === '' ? undefined : JSON.parse(stdout);
      };
      const { Account, Arn } = await aws('sts', 'get-caller-identity');
      expect(Arn).toBe(`arn:aws:iam::${Account}:root`);
      const role = ['--role-name', 'loader'];
      await aws('iam', 'create-role', ...role, '--assume-role-policy-document', trust);
      const policy = ['--policy-arn', 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'];
      await aws('iam', 'attach-role-policy', ...role, ...policy);
      expect(await aws('iam', 'list-attached-role-policies', ...role)).toMatchObject({
        AttachedPolicies: [{ PolicyName: 'AmazonS3ReadOnlyAccess' }],
      });
      await aws('iam', 'detach-role-policy', ...role, ...policy);
      expect((await aws('iam', 'list-roles')).Roles).toHaveLength(1);
      await aws('iam', 'delete-role', ...role);
    }
  });
});

describe('AWS SDK for JavaScript', () => {
  it('does the same, page by page', async () => {
    const settings = { endpoint: verifying.url, region: 'us-east-1', credentials: root, maxAttempts: 1 };
    const iam = new IAM(settings);
    expect((await new STS(settings).getCallerIdentity({})).Account).toBe(account);
    const names = ['a', 'b', 'c'].map((letter) => `role-${letter}`);
    for (const RoleName of names) await iam.createRole({ RoleName, AssumeRolePolicyDocument: trust, Path: '/pages/' });
    const first = await iam.listRoles({ PathPrefix: '/pages/', MaxItems: 2 });
    expect([first.Roles?.map(({ RoleName }) => RoleName), first.IsTruncated]).toEqual([names.slice(0, 2), true]);
    // What goes away meanwhile moves nothing.
    await iam.deleteRole({ RoleName: 'role-b' });
    const rest = await iam.listRoles({ PathPrefix: '/pages/', Marker: first.Marker });
    expect([rest.Roles?.map(({ RoleName }) => RoleName), rest.IsTruncated]).toEqual([['role-c'], false]);
    await expect(iam.listRoles({ Marker: 'made up' })).rejects.toMatchObject({ name: 'ValidationError' });
    const none = iam.getRole({ RoleName: 'none' });
    await expect(none).rejects.toMatchObject({ name: 'NoSuchEntityException', $metadata: { httpStatusCode: 404 } });
    for (const RoleName of ['role-a', 'role-c']) await iam.deleteRole({ RoleName });
  });

  it('sees nothing of another account', async () => {
    const settings = { region: 'us-east-1', maxAttempts: 1, endpoint: verifying.url };
    const iam = new IAM({ ...settings, credentials: root });
    await access(home, 'create-account', '--account', '444455556666');
    const other = await keysOf(home, 'create-key', '--account', '444455556666');
    const theirs = new IAM({ ...settings, credentials: other });
    const document = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
    });
    const made = await iam.createPolicy({ PolicyName: 'hers', PolicyDocument: document });
    await iam.createRole({ RoleName: 'hers', AssumeRolePolicyDocument: trust });
    const PolicyArn = made.Policy?.Arn;
    await expect(theirs.getPolicy({ PolicyArn })).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(theirs.deletePolicy({ PolicyArn })).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(theirs.getRole({ RoleName: 'hers' })).rejects.toMatchObject({ name: 'NoSuchEntityException' });
    await theirs.createRole({ RoleName: 'theirs', AssumeRolePolicyDocument: trust });
    const attached = theirs.attachRolePolicy({ RoleName: 'theirs', PolicyArn });
    await expect(attached).rejects.toMatchObject({ name: 'NoSuchEntityException' });
    expect((await theirs.listRoles({})).Roles?.map(({ RoleName }) => RoleName)).toEqual(['theirs']);
    expect((await theirs.listPolicies({ Scope: 'Local' })).Policies).toEqual([]);
  });
});
