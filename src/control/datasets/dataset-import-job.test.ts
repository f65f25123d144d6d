import { afterEach, beforeEach, expect, it } from 'vitest';
import { ImportError } from '../../data/import/import-error.ts';
import { datasetFiles } from '../../data/manifest.ts';
import { arnFor, type Bench, openBench, refusal, steps, withData } from '../control.fixture.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

const location = { dataLocation: 's3://data/rows.csv' };
const create = (jobName: string, datasetArn: string, more: object = {}) =>
  bench.call('CreateDatasetImportJob', { jobName, datasetArn, dataSource: location, ...more });

async function emptyDataset(): Promise<string> {
  const step = steps(bench);
  return await step.dataset(await step.group(), await step.schema());
}

it('shows what it was asked for and how it ended', async () => {
  const datasetArn = await emptyDataset();
  const roleArn = 'arn:aws:iam::123456789012:role/personalize';
  expect(await create('first', datasetArn, { roleArn })).toEqual({
    datasetImportJobArn: arnFor('dataset-import-job/first'),
  });
  expect(await bench.settled(arnFor('dataset-import-job/first'))).toBe('ACTIVE');
  const described = await bench.call('DescribeDatasetImportJob', {
    datasetImportJobArn: arnFor('dataset-import-job/first'),
  });
  expect(described.datasetImportJob).toMatchObject({
    jobName: 'first',
    datasetArn,
    roleArn,
    status: 'ACTIVE',
    importMode: 'FULL',
    dataSource: location,
  });
  expect(described.datasetImportJob?.failureReason).toBeUndefined();
  const { datasetImportJobs } = await bench.call('ListDatasetImportJobs', { datasetArn });
  expect(datasetImportJobs).toHaveLength(1);
});

it('replaces the data, or adds to it once there is some', async () => {
  const datasetArn = await emptyDataset();
  expect(await refusal(create('more', datasetArn, { importMode: 'INCREMENTAL' }))).toBe(
    `InvalidInputException: Dataset ${datasetArn} has no bulk data yet; its first import must be of mode FULL.`,
  );
  const step = steps(bench);
  await step.imported(datasetArn, 'first');
  const [old] = await datasetFiles(bench.parts.database, datasetArn);
  await step.imported(datasetArn, 'second', 'INCREMENTAL');
  expect(await datasetFiles(bench.parts.database, datasetArn)).toHaveLength(2);
  await step.imported(datasetArn, 'third');
  expect(await datasetFiles(bench.parts.database, datasetArn)).toHaveLength(1);
  await bench.control.stop();
  expect(await bench.parts.store.head(old?.key ?? '')).toBeUndefined();
});

it('lets imports of one dataset take effect in the order in which they were asked for', async () => {
  const { dataset } = await withData(bench);
  bench.importing.hold();
  await create('replace', dataset);
  await create('add', dataset, { importMode: 'INCREMENTAL' });
  await expect.poll(() => bench.control.runningJobs()).toMatchObject([{ kind: 'import-dataset', fraction: 0.5 }]);
  expect(bench.control.runningJobs().map(({ resourceArn }) => resourceArn)).toEqual([
    arnFor('dataset-import-job/replace'),
  ]);
  bench.importing.release();
  expect(await bench.settled(arnFor('dataset-import-job/add'))).toBe('ACTIVE');
  expect(await datasetFiles(bench.parts.database, dataset)).toHaveLength(2);
});

it('fails with the reason and leaves the data as it was', async () => {
  const { dataset } = await withData(bench);
  const before = await datasetFiles(bench.parts.database, dataset);
  bench.importing.hold();
  await create('bad', dataset);
  bench.importing.release(new ImportError('rows.csv, line 3, column TIMESTAMP: "x" is no long.'));
  expect(await bench.settled(arnFor('dataset-import-job/bad'))).toBe('CREATE FAILED');
  const { datasetImportJobs } = await bench.call('ListDatasetImportJobs', { datasetArn: dataset });
  expect(datasetImportJobs?.[0]?.failureReason).toBe('rows.csv, line 3, column TIMESTAMP: "x" is no long.');
  expect(await datasetFiles(bench.parts.database, dataset)).toEqual(before);
});

it('fails with a sentence for an object that is missing and for too much data', async () => {
  const datasetArn = await emptyDataset();
  await create('missing', datasetArn, { dataSource: { dataLocation: 's3://data/none.csv' } });
  expect(await bench.settled(arnFor('dataset-import-job/missing'))).toBe('CREATE FAILED');
  expect(await reasonOf('missing')).toContain('s3://data/none.csv');
  await bench.close();
  bench = await openBench({ quotas: { bytesPerFullImport: 10 } });
  await create('big', await emptyDataset());
  expect(await bench.settled(arnFor('dataset-import-job/big'))).toBe('CREATE FAILED');
  expect(await reasonOf('big')).toBe(
    'The files at s3://data/rows.csv have 32 bytes; an import job of mode FULL takes no more than 10.',
  );
});

async function reasonOf(jobName: string) {
  const datasetImportJobArn = arnFor(`dataset-import-job/${jobName}`);
  return (await bench.call('DescribeDatasetImportJob', { datasetImportJobArn })).datasetImportJob?.failureReason;
}

it('refuses at once a location that is none and a name that is taken', async () => {
  const { dataset } = await withData(bench);
  for (const dataLocation of [
    'rows.csv',
    's3:/data/rows.csv',
    'https://data/rows.csv',
    's3://data',
    's3:///rows.csv',
  ]) {
    expect(await refusal(create('a', dataset, { dataSource: { dataLocation } }))).toBe(
      'InvalidInputException: Invalid Data location.',
    );
  }
  expect(await refusal(create('a', dataset, { dataSource: {} }))).toBe('InvalidInputException: Invalid Data location.');
  expect(await refusal(create('first', dataset))).toMatch(
    /^ResourceAlreadyExistsException: Another resource with Arn /,
  );
  expect(await refusal(create('a', arnFor('dataset/none/ITEMS')))).toMatch(/^ResourceNotFoundException/);
});

it('is one of at most five that wait or run', async () => {
  const datasetArn = await emptyDataset();
  bench.importing.hold();
  for (const name of ['a', 'b', 'c', 'd', 'e']) await create(name, datasetArn);
  expect(await refusal(create('f', datasetArn))).toBe(
    'LimitExceededException: More than 5 resources with PENDING or IN_PROGRESS status.',
  );
  bench.importing.release();
  for (const name of ['a', 'b', 'c', 'd', 'e']) await bench.settled(arnFor(`dataset-import-job/${name}`));
  await steps(bench).imported(datasetArn, 'f');
});
