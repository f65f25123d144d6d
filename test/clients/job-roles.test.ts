import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IAM } from '@aws-sdk/client-iam';
import type { Personalize } from '@aws-sdk/client-personalize';
import { S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { access, keysOf } from '../support/access-keys.ts';
import { clients, settled, steps } from '../support/personalize.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';
import { schemas, twoTastes } from '../support/two-tastes.ts';

const account = '111111111111';
const bucket = 'films-of-ada';

let home: string;
let server: ServerProcess;
let personalize: Personalize;
let datasetGroupArn: string;
let datasetArn: string;
let solutionVersionArn: string;

const document = (statement: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', ...statement } });
const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'openpersonalize-roles-'));
  await keysOf(home, 'create-key');
  server = await startServerProcess({ home, options: ['--auth', 'on'] });
  await access(home, 'create-account', '--account', account);
  const credentials = await keysOf(home, 'create-key', '--account', account);
  const settings = { endpoint: server.url, region: 'us-east-1', credentials };
  const iam = new IAM(settings);
  const trust = document({ Principal: { Service: 'personalize.amazonaws.com' }, Action: 'sts:AssumeRole' });
  const roles = {
    all: ['s3:*'],
    reads: ['s3:GetObject', 's3:ListBucket'],
    writes: ['s3:PutObject', 's3:ListBucket'],
    unlisted: ['s3:GetObject', 's3:PutObject'],
  };
  for (const [RoleName, Action] of Object.entries(roles)) {
    await iam.createRole({ RoleName, AssumeRolePolicyDocument: trust });
    const PolicyDocument = document({ Action, Resource: '*' });
    await iam.putRolePolicy({ RoleName, PolicyName: 'buckets', PolicyDocument });
  }
  const s3 = new S3({ ...settings, forcePathStyle: true });
  await s3.createBucket({ Bucket: bucket });
  await s3.putObject({ Bucket: bucket, Key: 'rows.csv', Body: twoTastes() });
  await s3.putObject({ Bucket: bucket, Key: 'in/users.json', Body: '{"userId":"ua1"}\n' });
  await s3.putObject({ Bucket: bucket, Key: 'forget.csv', Body: 'USER_ID\nua5\n' });
  personalize = clients(server.url, credentials).personalize;
  const create = steps({ personalize });
  datasetGroupArn = await create.datasetGroup('films');
  datasetArn = await create.dataset(datasetGroupArn, 'Interactions', 'events', schemas.interactions);
  const dataSource = { dataLocation: `s3://${bucket}/rows.csv` };
  const job = { jobName: 'rows', datasetArn, dataSource, roleArn: roleArn('all') };
  const { datasetImportJobArn = '' } = await personalize.createDatasetImportJob(job);
  expect(await create.importJob(datasetImportJobArn)).toMatchObject({ status: 'ACTIVE' });
  const solution = await create.solution(datasetGroupArn, 'popular', 'aws-popularity-count');
  solutionVersionArn = (await create.version(await create.startVersion(solution)))?.solutionVersionArn ?? '';
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

const place = (folder: string) => ({ s3DataDestination: { path: `s3://${bucket}/${folder}/` } });

const kinds = {
  async 'batch inference'(role: string) {
    const { batchInferenceJobArn } = await personalize.createBatchInferenceJob({
      ...{ jobName: role, solutionVersionArn, roleArn: roleArn(role), jobOutput: place(`out-${role}`) },
      jobInput: { s3DataSource: { path: `s3://${bucket}/in/` } },
    });
    return async () => (await personalize.describeBatchInferenceJob({ batchInferenceJobArn })).batchInferenceJob;
  },
  async export(role: string) {
    const job = { jobName: role, datasetArn, roleArn: roleArn(role), jobOutput: place(`export-${role}`) };
    const { datasetExportJobArn } = await personalize.createDatasetExportJob({ ...job, ingestionMode: 'ALL' });
    return async () => (await personalize.describeDatasetExportJob({ datasetExportJobArn })).datasetExportJob;
  },
  async deletion(role: string) {
    const dataSource = { dataLocation: `s3://${bucket}/forget.csv` };
    const job = { jobName: role, datasetGroupArn, roleArn: roleArn(role), dataSource };
    const { dataDeletionJobArn } = await personalize.createDataDeletionJob(job);
    return async () => (await personalize.describeDataDeletionJob({ dataDeletionJobArn })).dataDeletionJob;
  },
};

test.each([
  { kind: 'batch inference', role: 'reads', action: 's3:PutObject' },
  { kind: 'batch inference', role: 'writes', action: 's3:GetObject' },
  { kind: 'batch inference', role: 'unlisted', action: 's3:ListBucket' },
  { kind: 'export', role: 'reads', action: 's3:PutObject' },
  { kind: 'export', role: 'unlisted', action: 's3:ListBucket' },
  { kind: 'deletion', role: 'writes', action: 's3:GetObject' },
] as const)('a job of $kind by a role without $action fails and names it', async ({ kind, role, action }) => {
  const job = await settled(await kinds[kind](role));
  expect(job?.status).toMatch(/FAILED$/);
  expect(job?.failureReason).toContain(`role/${role}/PersonalizeService is not authorized to perform: ${action}`);
});

test.each(['batch inference', 'export', 'deletion'] as const)(
  'a job of %s by a role with all ends well',
  async (kind) => {
    const job = await settled(await kinds[kind]('all'));
    expect(job?.status, job?.failureReason).toMatch(/^(ACTIVE|COMPLETED)$/);
  },
);
