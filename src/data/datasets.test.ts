import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from './database.ts';
import { appendDatasetFiles, datasetFiles, replaceDatasetFiles, sweepDatasetFiles } from './datasets.ts';
import type { ObjectStore } from './object-store.ts';
import { openStore } from './open-store.ts';

const dataset = 'arn:aws:personalize:us-east-1:000000000000:dataset/films/INTERACTIONS';
const job = 'arn:aws:personalize:us-east-1:000000000000:dataset-import-job/first';
const file = (name: string) => ({ key: `datasets/${name}.parquet`, rows: 3, bytes: 5_000_000_000 });

let folder: string;
let opened: OpenDatabase;
let store: ObjectStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'manifest-'));
  opened = await openDatabase({ file: join(folder, 'database') });
  store = await openStore({ folder: join(folder, 'store') });
});

afterEach(async () => {
  await opened.close();
  await rm(folder, { recursive: true });
});

const replace = (...names: string[]) =>
  opened.database.transaction().execute((trx) => replaceDatasetFiles(trx, dataset, job, names.map(file)));
const append = (...names: string[]) =>
  opened.database.transaction().execute((trx) => appendDatasetFiles(trx, dataset, job, names.map(file)));

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

it('sweeps what no manifest names, and nothing else', async () => {
  await replace('a');
  const keys = ['datasets/a.parquet', 'datasets/left/part-00000.parquet', 'models/m.json'];
  for (const key of keys) await store.write(key, 'content');
  await sweepDatasetFiles(opened.database, store);
  const left: string[] = [];
  for await (const { key } of store.list('')) left.push(key);
  expect(left).toEqual(['datasets/a.parquet', 'models/m.json']);
});
