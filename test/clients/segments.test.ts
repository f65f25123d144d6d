import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clients, steps } from '../support/personalize.ts';
import { pythonEnvironment } from '../support/python.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';
import { avro, putObject, schemas, twoTastes, twoTastesItems } from '../support/two-tastes.ts';

const run = promisify(execFile);
/** Of each taste the first fifty. */
const users = {
  schema: avro('Users', [
    { name: 'USER_ID', type: 'string' },
    { name: 'TIER', type: 'string', categorical: true },
    { name: 'AGE', type: 'int' },
  ]),
  content: `USER_ID,TIER,AGE\n${['a', 'b']
    .flatMap((taste) => Array.from({ length: 50 }, (_, n) => `u${taste}${n},${n % 2 === 0 ? 'gold' : 'tin'},${n}\n`))
    .join('')}`,
};
const environment = await pythonEnvironment('clients', join(import.meta.dirname, 'requirements.txt'));

describe.skipIf(environment === undefined)('segments', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServerProcess();
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  async function groupWithData(): Promise<string> {
    const create = steps(clients(server.url));
    const group = await create.datasetGroup('films');
    for (const [type, schema, content] of [
      ['Interactions', schemas.interactions, twoTastes()],
      ['Items', schemas.items, twoTastesItems()],
      ['Users', users.schema, users.content],
    ] as const) {
      const name = type.toLowerCase();
      const dataset = await create.dataset(group, type, name, schema);
      const location = await putObject(server.buckets, 'films', `${name}.csv`, content);
      expect((await create.importJob(await create.startImport(dataset, name, location)))?.status).toBe('ACTIVE');
    }
    return group;
  }

  test('boto3 trains and measures them, and has users found for lines', async () => {
    const script = join(import.meta.dirname, 'segments.py');
    const parameters = [script, server.url, await groupWithData(), server.buckets];
    const { stdout } = await run(environment?.python ?? '', parameters);
    const metrics = JSON.parse(stdout);
    for (const recipe of ['aws-item-affinity', 'aws-item-attribute-affinity']) {
      expect(Object.keys(metrics[recipe])).toEqual(['coverage', 'hits_at_1_percent', 'recall_at_1_percent']);
      expect(metrics[recipe].coverage).toBeGreaterThan(0);
    }
  });
});
