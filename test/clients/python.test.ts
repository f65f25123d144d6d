import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pythonEnvironment } from '../support/python.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';
import { putObject, schemas, twoTastes } from '../support/two-tastes.ts';

const run = promisify(execFile);
const environment = await pythonEnvironment('clients', join(import.meta.dirname, 'requirements.txt'));

describe.skipIf(environment === undefined)('unmodified clients in Python', () => {
  let server: ServerProcess;
  let location: string;
  let schemaFile: string;
  beforeAll(async () => {
    server = await startServerProcess();
    location = await putObject(server.buckets, 'films', 'interactions.csv', twoTastes());
    schemaFile = join(server.home, 'schema.json');
    await writeFile(schemaFile, schemas.interactions);
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  test('boto3 goes the way of the getting-started guide, its errors and its clean-up', async () => {
    const script = join(import.meta.dirname, 'getting_started.py');
    const { stdout } = await run(environment?.python ?? '', [script, server.url, location, schemaFile]);
    expect(stdout).toBe('done\n');
  });

  test('boto3 filters, promotes, asks for metadata and gives a context', async () => {
    const script = join(import.meta.dirname, 'filters.py');
    const { stdout } = await run(environment?.python ?? '', [script, server.url, server.buckets]);
    expect(stdout).toBe('done\n');
  });

  test('the AWS CLI goes from a schema to recommendations', async () => {
    /** Runs `aws <parameters>` and gives the answer. */
    const aws = async (service: string, operation: string, ...parameters: string[]) => {
      const { stdout } = await run(
        join(environment?.bin ?? '', 'aws'),
        [
          ...[service, operation, '--endpoint-url', server.url, '--region', 'us-west-2', '--output', 'json'],
          ...parameters,
        ],
        { env: { ...process.env, AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any' } },
      );
      return stdout === '' ? undefined : JSON.parse(stdout);
    };
    const active = async (kind: string, arn: string) => {
      const member = kind.replaceAll(/-(\w)/g, (_, letter) => letter.toUpperCase());
      for (let i = 0; i < 60; i++) {
        const described = await aws('personalize', `describe-${kind}`, `--${kind}-arn`, arn);
        const { status, failureReason } = described[member];
        if (status === 'ACTIVE') return;
        expect(['CREATE PENDING', 'CREATE IN_PROGRESS'], failureReason).toContain(status);
        await sleep(200);
      }
      throw new Error(`${arn} did not become ACTIVE`);
    };

    const { schemaArn } = await aws(
      'personalize',
      'create-schema',
      '--name',
      'cli',
      '--schema',
      `file://${schemaFile}`,
    );
    const { datasetGroupArn } = await aws('personalize', 'create-dataset-group', '--name', 'cli');
    await active('dataset-group', datasetGroupArn);
    const { datasetArn } = await aws(
      ...['personalize', 'create-dataset', '--name', 'cli', '--schema-arn', schemaArn],
      ...['--dataset-group-arn', datasetGroupArn, '--dataset-type', 'Interactions'],
    );
    await active('dataset', datasetArn);
    const { datasetImportJobArn } = await aws(
      ...['personalize', 'create-dataset-import-job', '--job-name', 'cli', '--dataset-arn', datasetArn],
      ...['--data-source', `dataLocation=${location}`, '--role-arn', 'arn:aws:iam::000000000000:role/Any'],
    );
    await active('dataset-import-job', datasetImportJobArn);
    const { solutionArn } = await aws(
      ...['personalize', 'create-solution', '--name', 'cli', '--dataset-group-arn', datasetGroupArn],
      ...['--recipe-arn', 'arn:aws:personalize:::recipe/aws-user-personalization', '--no-perform-auto-training'],
    );
    await active('solution', solutionArn);
    const { solutionVersionArn } = await aws('personalize', 'create-solution-version', '--solution-arn', solutionArn);
    await active('solution-version', solutionVersionArn);
    const { metrics } = await aws('personalize', 'get-solution-metrics', '--solution-version-arn', solutionVersionArn);
    expect(metrics.precision_at_25).toBeGreaterThan(0);
    const { campaignArn } = await aws(
      ...['personalize', 'create-campaign', '--name', 'cli', '--solution-version-arn', solutionVersionArn],
      ...['--min-provisioned-tps', '1'],
    );
    await active('campaign', campaignArn);
    const { itemList } = await aws(
      ...['personalize-runtime', 'get-recommendations', '--campaign-arn', campaignArn, '--user-id', 'ub7'],
      ...['--num-results', '10'],
    );
    const ids: string[] = itemList.map(({ itemId }: { itemId: string }) => itemId);
    expect(ids).toHaveLength(10);
    expect(ids.filter((id) => id.startsWith('b')).length).toBeGreaterThanOrEqual(8);

    const names = await aws(
      'personalize',
      'list-dataset-groups',
      '--page-size',
      '1',
      '--query',
      'datasetGroups[].name',
    );
    expect(names).toEqual(['cli']);
    const missing = aws('personalize', 'describe-campaign', '--campaign-arn', `${campaignArn}-gone`);
    await expect(missing).rejects.toThrow(
      /An error occurred \(ResourceNotFoundException\) when calling the DescribeCampaign operation: .*-gone/,
    );
    await aws('personalize', 'delete-campaign', '--campaign-arn', campaignArn);
  });
});
