import { afterEach, beforeEach, expect, it } from 'vitest';
import { startPostgres } from '../../test/support/postgres.ts';
import { openDatabase } from '../data/database/database.ts';
import { datasetFiles } from '../data/manifest.ts';
import { arnFor, type Bench, openBench, refusal, steps, withData } from './control.fixture.ts';

let first: Bench;
let second: Bench | undefined;
beforeEach(async () => {
  first = await openBench();
  second = undefined;
});
afterEach(async () => {
  await second?.close();
  await first.close();
});

/** The server ends as if it were killed at `status`: its job is still claimed. */
async function killedAt(arn: string, status: string): Promise<void> {
  await first.control.stop();
  const { database } = first.parts;
  const lease = Date.now() + 3_600_000;
  await database
    .updateTable('jobs')
    .set({ owner: 'a process that is gone', lease_expires_at: lease, attempts: 1 })
    .execute();
  await database.updateTable('resources').set({ status }).where('arn', '=', arn).execute();
}

async function restarted(): Promise<Bench> {
  const { database, dialect } = first.parts;
  second = await openBench({ home: first.home, database: { database, dialect, close: async () => {} } });
  return second;
}

const dataSource = { dataLocation: 's3://data/rows.csv' };

it('hands its work back when it stops, and takes it up when it starts', async () => {
  const { dataset } = await withData(first);
  first.importing.hold();
  await first.call('CreateDatasetImportJob', { jobName: 'second', datasetArn: dataset, dataSource });
  await expect.poll(() => first.control.runningJobs().length).toBe(1);
  await first.control.stop();
  const [job] = await first.parts.database.selectFrom('jobs').selectAll().execute();
  expect(job).toMatchObject({ owner: null, attempts: 0 });
  first.importing.release();
  await first.control.start();
  expect(await first.settled(arnFor('dataset-import-job/second'))).toBe('ACTIVE');
});

it('finishes an import that was killed, all or nothing, and removes what it left, and nothing else', async () => {
  const { dataset } = await withData(first);
  const before = await datasetFiles(first.parts.database, dataset);
  first.importing.hold();
  await first.call('CreateDatasetImportJob', { jobName: 'second', datasetArn: dataset, dataSource });
  const arn = arnFor('dataset-import-job/second');
  await expect.poll(() => first.control.runningJobs().length).toBe(1);
  await killedAt(arn, 'CREATE IN_PROGRESS');
  const { store, database } = first.parts;
  const noted = await database.selectFrom('unreferenced_objects').select('name').execute();
  expect(noted).toHaveLength(1);
  for (const { name } of noted) await store.write(`${name}0.parquet`, 'left over');
  const others = ['datasets/of-another-server/1/0.parquet', 'models/mine/1/model.json'];
  for (const key of others) await store.write(key, 'not ours');
  expect(await datasetFiles(database, dataset)).toEqual(before);

  const again = await restarted();
  expect(await again.settled(arn)).toBe('ACTIVE');
  expect(await datasetFiles(database, dataset)).toHaveLength(1);
  await again.control.stop();
  const stored: string[] = [];
  for await (const { key } of store.list('')) stored.push(key);
  const [file] = await datasetFiles(database, dataset);
  expect(stored.sort()).toEqual([file?.key, ...others].sort());
});

it('finishes trainings and deployments that were killed', async () => {
  const { group } = await withData(first);
  const step = steps(first);
  const solution = await step.solution(group);
  const version = await step.version(solution);
  const campaign = await step.campaign(version);
  await first.control.stop();
  const next = (await first.call('CreateSolutionVersion', { solutionArn: solution })).solutionVersionArn ?? '';
  await killedAt(next, 'CREATE IN_PROGRESS');
  const update = { campaignArn: campaign, minProvisionedTPS: 5 };
  await first.call('UpdateCampaign', update);

  const again = await restarted();
  expect(await again.settled(next)).toBe('ACTIVE');
  expect(await again.settled(campaign)).toBe('ACTIVE');
  const described = await again.call('DescribeCampaign', { campaignArn: campaign });
  expect(described.campaign).toMatchObject({ minProvisionedTPS: 5, latestCampaignUpdate: { status: 'ACTIVE' } });
});

it('stops a training that was asked to stop before the server was killed', async () => {
  const { group } = await withData(first);
  const solution = await steps(first).solution(group);
  first.training.hold();
  const { solutionVersionArn = '' } = await first.call('CreateSolutionVersion', { solutionArn: solution });
  await expect.poll(() => first.trained.length).toBe(1);
  await killedAt(solutionVersionArn, 'CREATE STOPPING');
  await first.parts.database.updateTable('jobs').set({ cancel_requested: 1 }).execute();
  const again = await restarted();
  expect(await again.settled(solutionVersionArn)).toBe('CREATE STOPPED');
  expect(again.trained).toEqual([]);
});

it('gives up on work that has brought it down ten times', async () => {
  const { group } = await withData(first);
  const solution = await steps(first).solution(group);
  first.training.hold();
  const { solutionVersionArn = '' } = await first.call('CreateSolutionVersion', { solutionArn: solution });
  await expect.poll(() => first.trained.length).toBe(1);
  await killedAt(solutionVersionArn, 'CREATE IN_PROGRESS');
  await first.parts.database.updateTable('jobs').set({ attempts: 10 }).execute();
  const again = await restarted();
  expect(await again.settled(solutionVersionArn)).toBe('CREATE FAILED');
  const { solutionVersion } = await again.call('DescribeSolutionVersion', { solutionVersionArn });
  expect(solutionVersion?.failureReason).toBe(
    'The work was given up because the server ended 10 times while it was going on. ' +
      "The server's log, or that of the system, may say why.",
  );
});

it('works the same over PostgreSQL, and an ARN that it cannot store is one that does not exist', async () => {
  const postgres = await startPostgres();
  if (!postgres) return;
  const opened = await openDatabase({ url: await postgres.freshDatabase() });
  const bench = await openBench({ database: opened });
  const { group } = await withData(bench);
  const step = steps(bench);
  const solution = await step.solution(group);
  const campaign = await step.campaign(await step.version(solution));
  await bench.call('TagResource', { resourceArn: campaign, tags: [{ tagKey: 'a', tagValue: 'b' }] });
  expect((await bench.call('ListTagsForResource', { resourceArn: campaign })).tags).toHaveLength(1);
  const { nextToken } = await bench.call('ListRecipes', { maxResults: 1 });
  expect((await bench.call('ListRecipes', { maxResults: 1, nextToken })).recipes).toHaveLength(1);
  expect((await bench.call('GetRecommendations', { campaignArn: campaign, userId: 'u\0' })).itemList).toHaveLength(3);
  const strange = `${campaign}\0`;
  const notFound = /^ResourceNotFoundException/;
  expect(await refusal(bench.call('DescribeCampaign', { campaignArn: strange }))).toMatch(notFound);
  expect(await refusal(bench.call('ListTagsForResource', { resourceArn: strange }))).toMatch(notFound);
  expect(await refusal(bench.call('GetRecommendations', { campaignArn: strange, userId: 'u' }))).toMatch(notFound);
  expect((await bench.call('ListCampaigns', { solutionArn: `${solution}\0` })).campaigns).toEqual([]);
  await bench.call('DeleteCampaign', { campaignArn: campaign });
  expect(await bench.settled(campaign)).toBe('gone');
  await bench.close();
  await opened.close();
  await postgres.stop();
});
