import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Personalize } from '@aws-sdk/client-personalize';
import { STS } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Issuer, startIssuer } from '../../src/access/federation/issuer.fixture.ts';
import { access, type Keys, keysOf } from '../support/access-keys.ts';
import { pythonEnvironment } from '../support/python.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';

const run = promisify(execFile);
const environment = await pythonEnvironment('clients', join(import.meta.dirname, 'requirements.txt'));
const account = '111122223333';
const readOnly = 'AmazonPersonalizeReadOnlyAccess';

let home: string;
let server: ServerProcess;
let issuer: Issuer;
let ada: Keys;

const file = async (name: string, content: string) => {
  const path = join(home, '..', `${home.split('/').at(-1)}-${name}`);
  await writeFile(path, content);
  return path;
};

const trust = (Principal: object, Action: readonly string[], Condition: object = {}) =>
  JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Principal, Action, Condition } });

const done = async (...parameters: readonly string[]) => {
  const { code, text } = await access(home, ...parameters);
  if (code !== 0) throw new Error(text);
  return text;
};

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'openpersonalize-roles-'));
  issuer = await startIssuer();
  server = await startServerProcess({ home, options: ['--auth', 'on'] });
  await done('create-account', '--account', account);
  await done('create-user', 'ada', '--account', account);
  ada = await keysOf(home, 'create-key', '--account', account, '--user', 'ada');
  const users = { AWS: `arn:aws:iam::${account}:user/ada` };
  const actions = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];
  const reader = await file('reader.json', trust(users, actions));
  const made = await done('create-role', 'reader', '--account', account, '--trust', reader, '--policy', readOnly);
  expect(made).toBe(`arn:aws:iam::${account}:role/reader is there.\n`);
  await done('create-oidc-provider', issuer.url, '--account', account, '--client-id', 'app');
  const name = issuer.url.replace('http://', '');
  const federated = { Federated: `arn:aws:iam::${account}:oidc-provider/${name}` };
  const Condition = { StringEquals: { [`${name}:aud`]: 'app', [`${name}:sub`]: 'ada' } };
  const web = await file('web.json', trust(federated, ['sts:AssumeRoleWithWebIdentity'], Condition));
  await done('create-role', 'web', '--account', account, '--trust', web, '--policy', readOnly);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await issuer?.close();
  const folder = join(home, '..');
  const own = (await readdir(folder)).filter((name) => name.startsWith(home.split('/').at(-1) ?? home));
  for (const each of own) await rm(join(folder, each), { recursive: true, force: true });
});

const plain = () => ({
  PATH: process.env.PATH,
  HOME: home,
  AWS_ENDPOINT_URL: server.url,
  AWS_DEFAULT_REGION: 'eu-west-1',
  AWS_MAX_ATTEMPTS: '1',
});
const asAda = () => ({
  ...plain(),
  AWS_ACCESS_KEY_ID: ada.accessKeyId,
  AWS_SECRET_ACCESS_KEY: ada.secretAccessKey,
});

/** With a profile that names a role, and one with the access key that may assume it. */
async function withProfiles() {
  const config =
    `[profile reader]\nrole_arn = arn:aws:iam::${account}:role/reader\nsource_profile = ada\n` +
    `[profile ada]\naws_access_key_id = ${ada.accessKeyId}\naws_secret_access_key = ${ada.secretAccessKey}\n`;
  return { ...plain(), AWS_CONFIG_FILE: await file('config', config), AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
}

/** With the token of an issuer in a file, as on a Kubernetes cluster. */
const withToken = async (claims: object = {}) => ({
  ...plain(),
  AWS_ROLE_ARN: `arn:aws:iam::${account}:role/web`,
  AWS_ROLE_SESSION_NAME: 'pod',
  AWS_WEB_IDENTITY_TOKEN_FILE: await file('token', await issuer.sign({ ...claims })),
});

const group = `arn:aws:personalize:eu-west-1:${account}:dataset-group/films`;
const denied = (session: string) =>
  `AccessDeniedException: User: arn:aws:sts::${account}:assumed-role/${session} is not authorized to perform: ` +
  `personalize:CreateDatasetGroup on resource: ${group} because no identity-based policy allows the ` +
  'personalize:CreateDatasetGroup action\n';

describe.skipIf(!environment)('boto3 and the AWS CLI', () => {
  const script = join(import.meta.dirname, 'roles_boto3.py');
  const boto3 = async (way: string, env: NodeJS.ProcessEnv) =>
    (await run(environment?.python ?? '', [script, account, way], { env })).stdout;
  const cli = async (line: string, env: NodeJS.ProcessEnv) =>
    (await run(join(environment?.bin ?? '', 'aws'), line.split(' '), { env })).stdout;

  it('assume a role, and may do what it may', async () => {
    expect(await boto3('call', asAda())).toBe(denied('reader/one'));
  });

  it('assume the role of a profile by themselves', async () => {
    const env = await withProfiles();
    expect(await boto3('profile', env)).toMatch(/assumed-role\/reader\/botocore-session-\d+ is not authorized/);
    const said = JSON.parse(await cli('sts get-caller-identity --profile reader', env));
    expect(said.Arn).toMatch(`arn:aws:sts::${account}:assumed-role/reader/botocore-session-`);
    expect(JSON.parse(await cli('personalize list-dataset-groups --profile reader', env))).toEqual({
      datasetGroups: [],
    });
  });

  it('assume a role by the token of an issuer that lies in a file', async () => {
    const env = await withToken();
    expect(await boto3('token', env)).toBe(denied('web/pod'));
    const said = JSON.parse(await cli('sts get-caller-identity', env));
    expect(said.Arn).toBe(`arn:aws:sts::${account}:assumed-role/web/pod`);
  });

  it('are told why a token is not good', async () => {
    const said = async (claims: object) => {
      const env = await withToken(claims);
      return await cli('sts get-caller-identity', env).catch(({ stderr }: { stderr: string }) => stderr);
    };
    expect(await said({ exp: 1_000_000_000 })).toContain('(ExpiredTokenException) when calling the AssumeRoleWithWeb');
    expect(await said({ aud: 'other' })).toMatch(/\(InvalidIdentityToken\).*Incorrect token audience/);
    expect(await said({ sub: 'eve' })).toMatch(
      /\(AccessDenied\).*Not authorized to perform sts:AssumeRoleWithWebIdent/,
    );
  });
});

describe('AWS SDK for JavaScript', () => {
  const settings = (credentials: object) => ({
    ...{ endpoint: server.url, region: 'eu-west-1', maxAttempts: 1 },
    credentials: { accessKeyId: '', secretAccessKey: '', ...credentials },
  });
  const credentialsOf = async (roleName: string) => {
    const sts = new STS(settings(ada));
    const wish = { RoleArn: `arn:aws:iam::${account}:role/${roleName}`, RoleSessionName: 'js' };
    const { Credentials } = await sts.assumeRole(wish);
    return {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
  };

  it('works for a role until that is deleted, and the audit trail knows it', async () => {
    const document = await file('js.json', trust({ AWS: account }, ['sts:AssumeRole']));
    await done('create-role', 'js', '--account', account, '--trust', document, '--policy', readOnly, '--tag', 'a=b');
    await expect(credentialsOf('js')).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('because no identity-based policy allows the sts:AssumeRole action'),
    });
    const Statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' };
    const own = await file('own.json', JSON.stringify({ Version: '2012-10-17', Statement }));
    await done('put-policy', 'roles', '--document', own, '--user', 'ada', '--account', account);
    const personalize = new Personalize(settings(await credentialsOf('js')));
    await personalize.listDatasetGroups({});

    await done('put-policy', 'most', '--document', own, '--account', account);
    await done('put-boundary', 'most', '--role', 'js', '--account', account);
    await expect(personalize.listDatasetGroups({})).rejects.toMatchObject({
      message: expect.stringContaining('because no permissions boundary allows the personalize:ListDatasetGroups'),
    });
    const principal = `arn:aws:iam::${account}:role/js`;
    const explained = await access(home, 'explain', '--principal', principal, '--action', 'personalize:ListSchemas');
    expect(explained.text).toContain('because no permissions boundary allows the personalize:ListSchemas action');
    expect(explained.text).toContain(`Allow 1 of arn:aws:iam::${account}:policy/most (permissions boundary)`);
    await done('delete-boundary', '--role', 'js', '--account', account);
    await personalize.listDatasetGroups({});
    expect(await done('list-roles')).toContain('tags a=b');

    await done('delete-role', 'js', '--account', account);
    await expect(personalize.listDatasetGroups({})).rejects.toMatchObject({ name: 'UnrecognizedClientException' });

    const folder = join(home, 'audit');
    const trail = (await Promise.all((await readdir(folder)).map((each) => readFile(join(folder, each), 'utf8')))).join(
      '',
    );
    const records = trail.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
    expect(records.find(({ userIdentity }) => userIdentity.arn?.endsWith('assumed-role/js/js'))).toMatchObject({
      userIdentity: {
        type: 'AssumedRole',
        accountId: account,
        sessionContext: {
          sessionIssuer: { type: 'Role', arn: principal, userName: 'js' },
          attributes: { mfaAuthenticated: 'false' },
        },
      },
    });
    const assumed = records.find(({ eventName, errorCode }) => eventName === 'AssumeRole' && errorCode === undefined);
    expect(assumed).toMatchObject({ eventSource: 'sts.amazonaws.com', userIdentity: { type: 'IAMUser' } });
    expect(assumed.responseElements.credentials).toMatchObject({ sessionToken: 'HIDDEN_DUE_TO_SECURITY_REASONS' });
  });

  it('has usable credentials of any role where signatures are not verified', async () => {
    await using open = await startServerProcess();
    const sts = new STS({ ...settings({ accessKeyId: 'a', secretAccessKey: 'b' }), endpoint: open.url });
    const wish = { RoleArn: 'arn:aws:iam::000000000000:role/any', RoleSessionName: 'js' };
    const { Credentials, AssumedRoleUser } = await sts.assumeRole(wish);
    expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::000000000000:assumed-role/any/js');
    expect(Credentials?.Expiration?.getTime()).toBeGreaterThan(Date.now());
    const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '' } = Credentials ?? {};
    const credentials = { accessKeyId, secretAccessKey, sessionToken: Credentials?.SessionToken ?? '' };
    await new Personalize({ endpoint: open.url, region: 'eu-west-1', credentials }).listDatasetGroups({});
    const token = await sts.assumeRoleWithWebIdentity({ ...wish, WebIdentityToken: 'anything' });
    expect(token.Credentials?.SessionToken).toBeDefined();
    expect((await sts.getSessionToken({})).Credentials?.AccessKeyId).toMatch(/^ASIA/);
  });
});

it('an account is deleted with its users and roles, once it has no resources', async () => {
  const other = '444455556666';
  await done('create-account', '--account', other);
  const root = await keysOf(home, 'create-key', '--account', other);
  const personalize = new Personalize({ endpoint: server.url, region: 'eu-west-1', credentials: root, maxAttempts: 1 });
  const { datasetGroupArn } = await personalize.createDatasetGroup({ name: 'films' });
  const refused = await access(home, 'delete-account', other);
  expect(refused).toMatchObject({ code: 1, text: expect.stringContaining(`There are ${datasetGroupArn}.`) });
  const gone = () => personalize.describeDatasetGroup({ datasetGroupArn }).then(String, ({ name }) => name);
  await expect.poll(gone).toContain('object');
  await expect.poll(() => personalize.deleteDatasetGroup({ datasetGroupArn }).then(() => 'sent', String)).toBe('sent');
  await expect.poll(gone).toBe('ResourceNotFoundException');
  expect(await done('delete-account', other)).toContain(`Account ${other} is deleted`);
  await expect(personalize.listDatasetGroups({})).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
});
