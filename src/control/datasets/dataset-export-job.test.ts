import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { importCsv } from '../../data/import/import-csv.ts';
import { arnFor, type Bench, itemsSchema, openBench, refusal, steps } from '../control.fixture.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench({ importCsv });
  await mkdir(join(bench.home, 'buckets', 'out'));
});
afterEach(() => bench.close());

const roleArn = 'arn:aws:iam::123456789012:role/personalize';
const to = (path: string) => ({ jobOutput: { s3DataDestination: { path } }, roleArn });
const exported = (name: string) => readFile(join(bench.home, 'buckets', 'out', name), 'utf8');
const jobArn = (name: string) => arnFor(`dataset-export-job/${name}`);

async function run(jobName: string, datasetArn: string, ingestionMode?: 'PUT' | 'BULK' | 'ALL', path = 's3://out/') {
  await bench.call('CreateDatasetExportJob', { jobName, datasetArn, ingestionMode, ...to(path) });
  return await bench.settled(jobArn(jobName));
}

async function itemsWithData(): Promise<{ dataset: string; group: string }> {
  const step = steps(bench);
  const group = await step.group();
  const dataset = await step.dataset(group, await step.schema('items', itemsSchema()), 'Items');
  await writeFile(join(bench.home, 'buckets', 'data', 'rows.csv'), 'ITEM_ID,GENRES\na,"x, y"\nb,z\n');
  await step.imported(dataset);
  await bench.call('PutItems', { datasetArn: dataset, items: [{ itemId: 'c', properties: '{"genres":"w"}' }] });
  return { dataset, group };
}

it('exports records that came singly unless it is told otherwise, and shows what it was asked for', async () => {
  const { dataset } = await itemsWithData();
  expect(await run('single', dataset)).toBe('ACTIVE');
  expect(await run('bulk', dataset, 'BULK')).toBe('ACTIVE');
  expect(await run('all', dataset, 'ALL')).toBe('ACTIVE');
  expect(await exported('items-put-00001.csv')).toBe('ITEM_ID,GENRES\nc,w\n');
  expect(await exported('items-bulk-00001.csv')).toBe('ITEM_ID,GENRES\na,"x, y"\nb,z\n');
  expect(await exported('items-all-00001.csv')).toBe('ITEM_ID,GENRES\na,"x, y"\nb,z\nc,w\n');
  const { datasetExportJob } = await bench.call('DescribeDatasetExportJob', { datasetExportJobArn: jobArn('single') });
  expect(datasetExportJob).toMatchObject({
    jobName: 'single',
    datasetExportJobArn: jobArn('single'),
    datasetArn: dataset,
    ingestionMode: 'PUT',
    status: 'ACTIVE',
    ...to('s3://out/'),
  });
  const { datasetExportJobs } = await bench.call('ListDatasetExportJobs', { datasetArn: dataset });
  expect(datasetExportJobs?.map(({ jobName }) => jobName).sort()).toEqual(['all', 'bulk', 'single']);
});

it('has the columns of the schema that the dataset has now', async () => {
  const { dataset } = await itemsWithData();
  const wider = itemsSchema({ name: 'YEAR', type: ['null', 'int'] });
  const schemaArn = await steps(bench).schema('wider', wider);
  await bench.call('UpdateDataset', { datasetArn: dataset, schemaArn });
  await bench.settled(dataset);
  expect(await run('wide', dataset, 'ALL')).toBe('ACTIVE');
  expect(await exported('items-all-00001.csv')).toBe('ITEM_ID,GENRES,YEAR\na,"x, y",\nb,z,\nc,w,\n');
});

it('refuses what is no folder of a bucket, a name that is taken and datasets that cannot be exported', async () => {
  const { dataset, group } = await itemsWithData();
  const create = (jobName: string, datasetArn: string, path = 's3://out/') =>
    refusal(bench.call('CreateDatasetExportJob', { jobName, datasetArn, ...to(path) }));
  for (const path of ['s3://out', 's3:///x/', 's3://Not_A_Bucket/', 'https://out/x/']) {
    expect(await create('a', dataset, path)).toBe('InvalidInputException: Invalid S3 output path.');
  }
  expect(await run('taken', dataset)).toBe('ACTIVE');
  expect(await create('taken', dataset)).toContain('ResourceAlreadyExistsException');
  expect(await create('a', arnFor('dataset/films/USERS'))).toContain('ResourceNotFoundException');
  const actions = JSON.stringify({
    type: 'record',
    name: 'Actions',
    namespace: 'com.amazonaws.personalize.schema',
    fields: [
      { name: 'ACTION_ID', type: 'string' },
      { name: 'VALUE', type: ['null', 'long'] },
    ],
    version: '1.0',
  });
  const step = steps(bench);
  expect(await create('a', await step.dataset(group, await step.schema('actions', actions), 'Actions'))).toBe(
    'InvalidInputException: Datasets of type Actions cannot be exported.',
  );
});

it('fails with a sentence, and leaves no file', async () => {
  const { dataset } = await itemsWithData();
  expect(await run('nowhere', dataset, 'ALL', 's3://nowhere/')).toBe('CREATE FAILED');
  const { datasetExportJobs } = await bench.call('ListDatasetExportJobs', { datasetArn: dataset });
  expect(datasetExportJobs?.[0]?.failureReason).toBe(
    'The bucket nowhere does not exist: there is no folder nowhere in the folder of buckets.',
  );
  await rm(join(bench.home, 'store'), { recursive: true });
  expect(await run('broken', dataset, 'ALL')).toBe('CREATE FAILED');
  await expect(exported('items-all-00001.csv')).rejects.toThrow('ENOENT');
});

it('goes with its dataset', async () => {
  const { dataset } = await itemsWithData();
  expect(await run('gone', dataset)).toBe('ACTIVE');
  await bench.call('DeleteDataset', { datasetArn: dataset });
  expect(await bench.settled(jobArn('gone'))).toBe('gone');
});
