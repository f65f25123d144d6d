import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from './database.ts';
import { appendDatasetFiles, datasetFiles, replaceDatasetFiles } from './datasets.ts';

const dataset = 'arn:aws:personalize:us-east-1:000000000000:dataset/films/INTERACTIONS';
const job = 'arn:aws:personalize:us-east-1:000000000000:dataset-import-job/first';
const file = (name: string) => ({ key: `datasets/${name}.parquet`, rows: 3, bytes: 5_000_000_000 });

let folder: string;
let opened: OpenDatabase;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'manifest-'));
  opened = await openDatabase({ file: join(folder, 'database') });
});

afterEach(async () => {
  await opened.close();
  await rm(folder, { recursive: true });
});

const replace = (...names: string[]) =>
  opened.database
    .transaction()
    .execute((trx) => replaceDatasetFiles(trx, dataset, job, names.map(file), 1_700_000_000_000));
const append = (...names: string[]) =>
  opened.database
    .transaction()
    .execute((trx) => appendDatasetFiles(trx, dataset, job, names.map(file), 1_700_000_000_000));

it('keeps the files of a dataset in order of import', async () => {
  expect(await datasetFiles(opened.database, dataset)).toEqual([]);
  await append('b', 'c');
  await append('a');
  expect(await datasetFiles(opened.database, dataset)).toEqual([file('b'), file('c'), file('a')]);
  expect(await datasetFiles(opened.database, `${dataset}-other`)).toEqual([]);
});

it('replaces all files at once and tells which are not needed any more', async () => {
  await replace('a', 'b');
  expect(await replace('c')).toEqual([file('a'), file('b')]);
  expect(await datasetFiles(opened.database, dataset)).toEqual([file('c')]);
  expect(await replace()).toEqual([file('c')]);
  await append('d');
  expect(await datasetFiles(opened.database, dataset)).toEqual([file('d')]);
});
