import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IAM } from '@aws-sdk/client-iam';
import { KMS } from '@aws-sdk/client-kms';
import { S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Operation } from '../../src/contract/operation.ts';
import { type OperationName, operations } from '../../src/contract/operations.ts';
import { made, naming, nobodys, shapeOf, usualOf } from '../../src/control/tenants.fixture.ts';
import { access, type Keys, keysOf } from '../support/access-keys.ts';
import { active, clients, steps } from '../support/personalize.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';
import { call } from '../support/signed-call.ts';
import { schemas, twoTastes } from '../support/two-tastes.ts';

const [ada, bob] = ['111111111111', '222222222222'];

type Owned = Readonly<Record<string, string>>;

let home: string;
let server: ServerProcess;
let keys: Readonly<Record<string, Keys>>;
/** What each of the two accounts has: the same, under the same names, by the members that name it. */
let owned: Readonly<Record<string, Owned>>;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'openpersonalize-tenants-'));
  await keysOf(home, 'create-key');
  server = await startServerProcess({ home, options: ['--auth', 'on'] });
  const of = async (account: string) => {
    await access(home, 'create-account', '--account', account);
    return await keysOf(home, 'create-key', '--account', account);
  };
  keys = { [ada]: await of(ada), [bob]: await of(bob) };
  const [hers, his] = await Promise.all([ada, bob].map(furnish));
  owned = { [ada]: hers ?? {}, [bob]: his ?? {} };
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

const keysFor = (account: string): Keys => keys[account] ?? { accessKeyId: '', secretAccessKey: '' };

const allowing = (statement: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', ...statement } });
/** Of a role for jobs and for its account. */
const trustFor = (account: string) =>
  allowing({
    Principal: { Service: 'personalize.amazonaws.com', AWS: `arn:aws:iam::${account}:root` },
    Action: 'sts:AssumeRole',
  });
const document = allowing({ Action: 's3:*', Resource: '*' });

async function furnish(account: string): Promise<Owned> {
  const identities = await furnishIdentities(account);
  return { ...identities, ...(await furnishKey(account)), ...(await furnishService(account, identities.roleArn)) };
}

const settingsFor = (account: string) => ({ endpoint: server.url, region: 'us-east-1', credentials: keysFor(account) });

async function furnishIdentities(account: string) {
  const iam = new IAM(settingsFor(account));
  const { Role } = await iam.createRole({ RoleName: 'jobs', AssumeRolePolicyDocument: trustFor(account) });
  const { Policy } = await iam.createPolicy({ PolicyName: 'buckets', PolicyDocument: document });
  const { Arn: policyArn = '' } = Policy ?? {};
  await iam.attachRolePolicy({ RoleName: 'jobs', PolicyArn: policyArn });
  await iam.createUser({ UserName: 'ann' });
  await iam.putUserPolicy({ UserName: 'ann', PolicyName: 'own', PolicyDocument: document });
  const { AccessKey } = await iam.createAccessKey({ UserName: 'ann' });
  const provider = await iam.createOpenIDConnectProvider({ Url: 'https://login.example.com/app' });
  const { Arn: roleArn = '' } = Role ?? {};
  return {
    ...{ roleArn, policySourceArn: roleArn, policyArn, permissionsBoundary: policyArn, arn: policyArn },
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    openIDConnectProviderArn: provider.OpenIDConnectProviderArn ?? '',
  };
}

async function furnishKey(account: string) {
  const kms = new KMS(settingsFor(account));
  const { KeyMetadata } = await kms.createKey({});
  const { Arn = '', KeyId } = KeyMetadata ?? {};
  await kms.createAlias({ AliasName: 'alias/films', TargetKeyId: KeyId });
  return { KeyId: Arn, TargetKeyId: Arn, SourceKeyId: Arn, DestinationKeyId: Arn, kmsKeyArn: Arn };
}

async function furnishService(account: string, roleArn: string) {
  const { personalize } = clients(server.url, keysFor(account));
  const create = steps({ personalize });
  const s3 = new S3({ ...settingsFor(account), forcePathStyle: true });
  await s3.createBucket({ Bucket: `data-${account}` });
  await s3.putObject({ Bucket: `data-${account}`, Key: 'rows.csv', Body: twoTastes() });
  const datasetGroupArn = await create.datasetGroup('films');
  const datasetArn = await create.dataset(datasetGroupArn, 'Interactions', 'events', schemas.interactions);
  await create.dataset(datasetGroupArn, 'Items', 'items', schemas.items);
  const dataSource = { dataLocation: `s3://data-${account}/rows.csv` };
  const job = { jobName: 'first', datasetArn, dataSource, roleArn };
  const { datasetImportJobArn = '' } = await personalize.createDatasetImportJob(job);
  expect(await create.importJob(datasetImportJobArn)).toMatchObject({ status: 'ACTIVE' });
  const { eventTrackerArn = '', trackingId = '' } = await personalize.createEventTracker({
    name: 'web',
    datasetGroupArn,
  });
  const filterExpression = 'INCLUDE ItemID WHERE Items.GENRE IN ("Drama")';
  const filter = { name: 'drama', datasetGroupArn, filterExpression };
  const { filterArn = '' } = await personalize.createFilter(filter);
  await active(async () => (await personalize.describeFilter({ filterArn })).filter);
  const solutionArn = await create.solution(datasetGroupArn, 'likes', 'aws-popularity-count');
  const solutionVersionArn = await create.startVersion(solutionArn);
  expect(await create.version(solutionVersionArn)).toMatchObject({ status: 'ACTIVE' });
  const campaignArn = await create.campaign('front-page', solutionVersionArn);
  const schemaArn = `arn:aws:personalize:us-east-1:${account}:schema/events`;
  return {
    ...{ datasetGroupArn, datasetArn, datasetImportJobArn, schemaArn, solutionArn, campaignArn, solutionVersionArn },
    ...{ filterArn, eventTrackerArn, trackingId, resourceArn: datasetGroupArn },
    ...{ job: datasetImportJobArn, dataset: datasetArn },
  };
}

/** What inputs are about beside what they name by an ARN or an id. */
const usual = {
  ...usualOf(bob),
  ...{
    roleName: 'jobs',
    userName: 'ann',
    policyName: 'own',
    policyDocument: document,
    assumeRolePolicyDocument: trustFor(bob),
  },
  ...{ description: 'd', status: 'Inactive', clientID: 'app', thumbprintList: [], actionNames: ['s3:GetObject'] },
  ...{ AliasName: 'alias/other', Description: 'd', PolicyName: 'default', TagKeys: ['key'], NumberOfBytes: 16 },
  ...{ roleSessionName: 'session', PendingWindowInDays: 7, versionId: 'v1' },
};

/** Keys of objects in buckets are kept and shown, and not used. */
const isOnlyKept = (name: OperationName, member: string) => member === 'kmsKeyArn' && name !== 'CreateDatasetGroup';

const all: readonly Operation<OperationName>[] = Object.values(operations);

/** The answers to all that only asks, in an account, of what it has. */
async function stateOf(account: string): Promise<ReadonlyMap<string, string>> {
  const own = { ...usual, ...owned[account] };
  const state = new Map<string, string>();
  for (const { name, service } of all) {
    if (service === 'admin' || !/^(Describe|List|Get(?!Session|Rec|Pers|Action|Access))/.test(name)) continue;
    state.set(name, await call(server.url, keysFor(account), name, made(shapeOf(name), own)));
  }
  return state;
}

it('answers what names things of another account as what names nothing, and changes nothing there', async () => {
  const [hers = {}, his = {}] = [owned[ada], owned[bob]];
  const before = await stateOf(ada);
  const asked: string[] = [];
  for (const { name, service } of all) {
    const shape = shapeOf(name);
    const members = naming(shape, hers).filter((member) => !isOnlyKept(name, member));
    for (const member of members) {
      const at = hers[member] ?? '';
      const none = nobodys(member, at);
      // All else is the caller's own; events and imports are asked for by one thing at a time.
      const own = Object.fromEntries(members.map((other) => [other, his[other] ?? '']));
      const others = { ...usual, ...(service === 'admin' && name !== 'Explain' ? {} : own) };
      const ask = (text: string) => call(server.url, keysFor(bob), name, made(shape, { ...others, [member]: text }));
      const foreign = await ask(at);
      expect(foreign.replaceAll(at, '…'), `${name} with ${member}`).toBe((await ask(none)).replaceAll(none, '…'));
      // It comes as far as to what is named.
      expect(foreign, `${name} with ${member}`).not.toMatch(/validation error|SerializationException|\b5\d\d\b /);
      expect(foreign, `${name} with ${member}`).toMatch(/^4\d\d |^200 \{"\w+":\[\]\}$/);
      asked.push(`${name} ${member}`);
    }
  }
  expect(asked.length).toBeGreaterThan(140);
  expect(asked).toEqual(expect.arrayContaining(['PutEvents trackingId', 'Encrypt KeyId', 'AssumeRole roleArn']));
  expect(await stateOf(ada)).toEqual(before);
});

it('shows nothing of another account', async () => {
  for (const [name, answer] of await stateOf(bob)) expect(answer, name).not.toContain(ada);
});
