import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clients, settled, steps } from '../support/personalize.ts';
import { startPostgres } from '../support/postgres.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';
import { putObject, schemas, twoTastes } from '../support/two-tastes.ts';

const lines = 80_000;
const roleArn = 'arn:aws:iam::000000000000:role/PersonalizeRole';
/** Lines of the log that say how far a share is. */
const hasWorked = (node: ServerProcess) => node.log().includes('"score-batch-inference"');

test('nodes share the lines of a batch job, and one ends what another was killed at', async (context) => {
  const postgres = await startPostgres();
  if (!postgres) return context.skip("PostgreSQL's programs are missing");
  await using opened = new AsyncDisposableStack();
  opened.defer(() => postgres.stop());
  const folder = await mkdtemp(join(tmpdir(), 'openpersonalize-nodes-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const buckets = join(folder, 'buckets');
  const shared = ['--store', join(folder, 'store'), '--buckets', buckets, '--batch-processes', '1'];
  const options = ['--database', await postgres.freshDatabase(), ...shared];
  const one = opened.use(await startServerProcess({ options }));
  const other = opened.use(await startServerProcess({ options }));
  const { personalize } = clients(one.url);
  const create = steps({ personalize });
  const group = await create.datasetGroup('films');
  const dataset = await create.dataset(group, 'Interactions', 'films', schemas.interactions);
  const rows = await putObject(buckets, 'films', 'rows.csv', twoTastes());
  expect((await create.importJob(await create.startImport(dataset, 'rows', rows)))?.status).toBe('ACTIVE');
  const solution = await create.solution(group, 'likes', 'aws-user-personalization');
  const version = await create.version(await create.startVersion(solution));
  expect(version?.status, version?.failureReason).toBe('ACTIVE');
  const users = Array.from({ length: lines }, (_, n) => `{"userId":"u${n % 2 === 0 ? 'a' : 'b'}${n % 60}"}`);
  await putObject(buckets, 'films', 'users.json', users.join('\n'));
  const startJob = async (jobName: string) => {
    const { batchInferenceJobArn } = await personalize.createBatchInferenceJob({
      ...{ jobName, solutionVersionArn: version?.solutionVersionArn, roleArn, numResults: 5 },
      jobInput: { s3DataSource: { path: 's3://films/users.json' } },
      jobOutput: { s3DataDestination: { path: `s3://films/${jobName}/` } },
      batchInferenceJobConfig: { itemExplorationConfig: { explorationWeight: '0' } },
    });
    return batchInferenceJobArn;
  };
  const outputOf = async (jobName: string, batchInferenceJobArn: string | undefined, node: ServerProcess) => {
    const { personalize: asked } = clients(node.url);
    const describe = async () => (await asked.describeBatchInferenceJob({ batchInferenceJobArn })).batchInferenceJob;
    const job = await settled(describe);
    expect(job?.status, `${job?.failureReason} ${node.log()}`).toBe('ACTIVE');
    return await readFile(join(buckets, 'films', jobName, 'users.json.out'), 'utf8');
  };

  const together = await outputOf('together', await startJob('together'), one);
  expect(together.split('\n')).toHaveLength(lines + 1);
  expect([hasWorked(one), hasWorked(other)]).toEqual([true, true]);
  const interrupted = await startJob('interrupted');
  await expect.poll(() => other.children()).not.toEqual([]);
  await one.kill('SIGKILL');
  expect((await outputOf('interrupted', interrupted, other)) === together).toBe(true);
});
