import { afterEach, beforeEach, expect, it } from 'vitest';
import { datasetFiles } from '../data/manifest.ts';
import {
  arnFor,
  type Bench,
  Gate,
  itemsSchema,
  openBench,
  recipeArn,
  refusal,
  steps,
  withData,
} from './control.fixture.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

const importJob = arnFor('dataset-import-job/first');

async function stored(prefix: string, { parts }: Bench = bench): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of parts.store.list(prefix)) keys.push(key);
  return keys;
}

it('needs no job for creations and deletions of what is nothing but settings', async () => {
  await bench.control.stop();
  const step = steps(bench);
  const { call } = bench;
  for (let round = 0; round < 2; round++) {
    const group = await step.group();
    const schemaArn = await step.schema();
    const { datasetArn = '' } = await call('CreateDataset', {
      name: 'data',
      datasetGroupArn: group,
      schemaArn,
      datasetType: 'Interactions',
    });
    const { trackingId = '', eventTrackerArn = '' } = await call('CreateEventTracker', {
      name: 'clicks',
      datasetGroupArn: group,
    });
    const put = () =>
      call('PutEvents', {
        trackingId,
        sessionId: 's',
        userId: 'u',
        eventList: [{ eventType: 'click', itemId: 'i', sentAt: 1_700_000_000 }],
      });
    await put();
    const created = { datasetGroupArn: group, recipeArn: recipeArn('aws-sims') };
    const { solutionArn = '' } = await call('CreateSolution', { name: 'likes', ...created });
    const { solutionVersionArn = '' } = await call('CreateSolutionVersion', { solutionArn });
    await call('StopSolutionVersionCreation', { solutionVersionArn });
    const listed = await Promise.all([
      call('ListDatasetGroups', {}).then(({ datasetGroups }) => datasetGroups),
      call('ListDatasets', {}).then(({ datasets }) => datasets),
      call('ListEventTrackers', {}).then(({ eventTrackers }) => eventTrackers),
      call('ListSolutions', {}).then(({ solutions }) => solutions),
    ]);
    expect(listed.map((of) => of?.map(({ status }) => status))).toEqual(listed.map(() => ['ACTIVE']));

    await call('DeleteSolution', { solutionArn });
    expect(await refusal(call('DescribeSolutionVersion', { solutionVersionArn }))).toMatch(/^ResourceNotFound/);
    await call('DeleteEventTracker', { eventTrackerArn });
    expect(await refusal(put())).toMatch(/^InvalidInputException: The trackingId /);
    await call('DeleteDataset', { datasetArn });
    await call('DeleteSchema', { schemaArn });
    await call('DeleteDatasetGroup', { datasetGroupArn: group });
    expect(await bench.parts.database.selectFrom('resources').select('arn').execute()).toEqual([]);
    expect(await bench.parts.database.selectFrom('jobs').select('kind').execute()).toEqual([]);
    expect(await bench.parts.database.selectFrom('record_log').select('position').execute()).toEqual([]);
  }
});

it('has the first training of a solution in time from its creation on', async () => {
  const { group } = await withData(bench);
  await bench.call('CreateSolution', { name: 'a', datasetGroupArn: group, recipeArn: recipeArn('aws-sims') });
  const asked = { performAutoTraining: false, recipeArn: recipeArn('aws-sims') };
  await bench.call('CreateSolution', { name: 'b', datasetGroupArn: group, ...asked });
  const jobs = await bench.parts.database.selectFrom('jobs').select(['kind', 'resource_arn']).execute();
  expect(jobs).toEqual([{ kind: 'begin-automatic-training', resource_arn: arnFor('solution/a') }]);
});

it('forgets the import jobs of a dataset with it, so that the next one has its own', async () => {
  const { group, dataset, schema } = await withData(bench);
  await bench.call('DeleteDataset', { datasetArn: dataset });
  const describe = () => bench.call('DescribeDatasetImportJob', { datasetImportJobArn: importJob });
  expect(await refusal(describe())).toBe(`ResourceNotFoundException: Resource Arn ${importJob} does not exist.`);
  expect((await bench.call('ListDatasetImportJobs', {})).datasetImportJobs).toEqual([]);

  const again = await steps(bench).dataset(group, schema);
  expect(again).toBe(dataset);
  expect((await bench.call('ListDatasetImportJobs', { datasetArn: again })).datasetImportJobs).toEqual([]);
  const dataSource = { dataLocation: 's3://data/rows.csv' };
  const incremental = { jobName: 'first', datasetArn: again, dataSource, importMode: 'INCREMENTAL' } as const;
  expect(await refusal(bench.call('CreateDatasetImportJob', incremental))).toContain('has no bulk data yet');
  await steps(bench).imported(again);
  expect((await bench.call('ListDatasetImportJobs', { datasetArn: again })).datasetImportJobs).toHaveLength(1);
});

it('clears away what a deleted dataset has stored, and nothing of the next one of its name', async () => {
  const { group, dataset, schema } = await withData(bench);
  const [old = ''] = await stored('datasets/');
  await bench.call('DeleteDataset', { datasetArn: dataset });
  await steps(bench).imported(await steps(bench).dataset(group, schema));
  await expect.poll(() => stored('datasets/')).not.toContain(old);
  await bench.control.stop();
  const files = await datasetFiles(bench.parts.database, dataset);
  expect(await stored('datasets/')).toEqual(files.map(({ key }) => key));
});

it('clears away at the next start what a server that was killed had deleted', async () => {
  const { group, dataset } = await withData(bench);
  const solution = await steps(bench).solution(group);
  await steps(bench).version(solution);
  await bench.control.stop();
  await bench.call('DeleteSolution', { solutionArn: solution });
  await bench.call('DeleteDataset', { datasetArn: dataset });
  const { database, dialect } = bench.parts;
  const next = await openBench({ home: bench.home, database: { database, dialect, close: async () => {} } });
  await expect.poll(() => stored('')).toEqual([]);
  await next.close();
});

it('leaves an object that another dataset names', async () => {
  const { group, dataset } = await withData(bench);
  const items = await steps(bench).dataset(group, await steps(bench).schema('items', itemsSchema()), 'Items');
  const { database } = bench.parts;
  const file = await database.selectFrom('dataset_files').selectAll().executeTakeFirstOrThrow();
  await database
    .insertInto('dataset_files')
    .values({ ...file, dataset_arn: items })
    .execute();
  await bench.call('DeleteDataset', { datasetArn: dataset });
  await bench.control.stop();
  expect(await stored('datasets/')).toEqual([file.key]);
});

it('takes no records into a dataset that came for a former one of its name', async () => {
  const group = await steps(bench).group();
  const schemaArn = await steps(bench).schema('items', itemsSchema());
  const items = await steps(bench).dataset(group, schemaArn, 'Items');
  const put = (itemId: string) =>
    bench.call('PutItems', { datasetArn: items, items: [{ itemId, properties: '{"genres":"a"}' }] });
  await put('old');
  const { store, database } = bench.parts;
  const [writing, reached] = [new Gate(), Promise.withResolvers<void>()];
  writing.hold();
  const adopt = store.adopt.bind(store);
  store.adopt = async (key, path) => {
    reached.resolve();
    await writing.pass();
    await adopt(key, path);
  };
  const now = { attempts: 0, cancel_requested: 0, not_before: 0, created_at: Date.now() };
  const job = {
    kind: 'compact-records',
    resource_arn: items,
    serial_key: null,
    owner: null,
    lease_expires_at: null,
    ...now,
  };
  await database.insertInto('jobs').values(job).execute();
  await reached.promise;

  await bench.call('DeleteDataset', { datasetArn: items });
  await bench.call('CreateDataset', { name: 'items', datasetGroupArn: group, schemaArn, datasetType: 'Items' });
  await put('new');
  writing.release();
  await expect.poll(() => database.selectFrom('jobs').select('id').execute()).toEqual([]);
  expect(await datasetFiles(database, items)).toEqual([]);
  const rows = await database.selectFrom('record_log').select('body').execute();
  expect(rows.map(({ body }) => body)).toEqual([expect.stringContaining('new')]);
  await bench.control.stop();
  expect(await stored('datasets/')).toEqual([]);
});

it('answers from no event, and shows no answer, of before its dataset and its campaign were created again', async () => {
  const { group, dataset, schema } = await withData(bench);
  const solution = await steps(bench).solution(group);
  const version = await steps(bench).version(solution);
  const build = async () => {
    const { trackingId = '', eventTrackerArn = '' } = await bench.call('CreateEventTracker', {
      name: 'web',
      datasetGroupArn: group,
    });
    return { campaign: await steps(bench).campaign(version), eventTrackerArn, trackingId };
  };
  const put = (trackingId: string, itemId: string) =>
    bench.call('PutEvents', {
      trackingId,
      sessionId: 's',
      userId: 'u',
      eventList: [{ eventType: 'click', itemId, sentAt: 1_700_000_000 }],
    });
  const asked = async (campaignArn: string) => {
    await bench.call('GetRecommendations', { campaignArn, userId: 'u' });
    return bench.asked.at(-1);
  };
  const before = await build();
  await put(before.trackingId, 'old');
  expect(await asked(before.campaign)).toMatchObject({ recent: { items: ['old'] } });

  await bench.call('DeleteCampaign', { campaignArn: before.campaign });
  await bench.call('DeleteEventTracker', { eventTrackerArn: before.eventTrackerArn });
  await bench.call('DeleteDataset', { datasetArn: dataset });
  await steps(bench).dataset(group, schema);
  const after = await build();
  const { lastAnswer } = await bench.call('ListEvents', { userId: 'u', limit: 10 });
  expect(lastAnswer).toBeUndefined();
  expect(await asked(after.campaign)).not.toHaveProperty('recent');
  await put(after.trackingId, 'new');
  expect(await asked(after.campaign)).toMatchObject({ recent: { items: ['new'] } });
});
