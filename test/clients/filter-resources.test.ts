import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clients, steps } from '../support/personalize.ts';
import { pythonEnvironment } from '../support/python.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';
import { schemas } from '../support/two-tastes.ts';

const run = promisify(execFile);
const environment = await pythonEnvironment('clients', join(import.meta.dirname, 'requirements.txt'));

describe.skipIf(environment === undefined)('filters with unmodified clients in Python', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServerProcess({ options: ['--log-level', 'debug'] });
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  async function groupWithData(name: string): Promise<string> {
    const create = steps(clients(server.url));
    const group = await create.datasetGroup(name);
    await create.dataset(group, 'Interactions', `${name}-watches`, schemas.interactions);
    await create.dataset(group, 'Items', `${name}-films`, schemas.items);
    return group;
  }

  test('boto3 creates, describes, lists and deletes them', async () => {
    const script = join(import.meta.dirname, 'filter_resources.py');
    const { stdout } = await run(environment?.python ?? '', [script, server.url, await groupWithData('boto')]);
    expect(stdout).toBe('done\n');
    expect(server.log(), 'expressions are sensitive, wrong ones too').not.toMatch(/WHERE|GENRE|parameterName/i);
  });

  test('so does the AWS CLI', async () => {
    const aws = async (operation: string, ...parameters: string[]) => {
      const { stdout } = await run(
        join(environment?.bin ?? '', 'aws'),
        ['personalize', operation, '--endpoint-url', server.url, '--region', 'us-east-1', ...parameters],
        { env: { ...process.env, AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any' } },
      );
      return stdout === '' ? undefined : JSON.parse(stdout);
    };
    const group = await groupWithData('cli');
    // As the guide's page on filters writes it, with a placeholder in quotes.
    const expression = 'INCLUDE ItemID WHERE Items.GENRE IN ("$CATEGORY")';
    const { filterArn } = await aws(
      ...['create-filter', '--name', 'category', '--dataset-group-arn', group],
      ...['--filter-expression', expression],
    );
    const { filter } = await aws('describe-filter', '--filter-arn', filterArn);
    expect(filter).toMatchObject({ name: 'category', status: 'ACTIVE', filterExpression: expression });
    const listed = await aws('list-filters', '--dataset-group-arn', group, '--query', 'Filters[].name');
    expect(listed).toEqual(['category']);
    await aws('delete-filter', '--filter-arn', filterArn);
    const missing = aws('describe-filter', '--filter-arn', filterArn);
    await expect(missing).rejects.toThrow(/\(ResourceNotFoundException\) when calling the DescribeFilter operation/);
  });
});
