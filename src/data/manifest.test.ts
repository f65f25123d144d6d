import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from './database/database.ts';
import {
  appendDatasetFiles,
  clearDataset,
  compactDatasetFiles,
  datasetFiles,
  importedVersions,
  replaceDatasetFiles,
} from './manifest.ts';

const dataset = 'arn:aws:personalize:us-east-1:000000000000:dataset/films/INTERACTIONS';
const job = 'arn:aws:personalize:us-east-1:000000000000:dataset-import-job/first';
const file = (name: string, through: number | null = null) => ({
  key: `datasets/${name}.parquet`,
  rows: 3,
  bytes: 5_000_000_000,
  sha256: 'ab',
  through,
});

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
  opened.database.transaction().execute((trx) =>
    replaceDatasetFiles(
      trx,
      dataset,
      job,
      names.map((name) => file(name)),
      1_700_000_000_000,
    ),
  );
const append = (...names: string[]) =>
  opened.database.transaction().execute((trx) =>
    appendDatasetFiles(
      trx,
      dataset,
      job,
      names.map((name) => file(name)),
      1_700_000_000_000,
    ),
  );

it('shows for a dataset whether anything has been imported since', async () => {
  const version = async () => (await importedVersions(opened.database, [dataset, 'arn:other'])).get(dataset);
  expect(await version()).toBeUndefined();
  const versions = [];
  for (const change of [() => append('b', 'c'), () => append('d'), () => replace('e', 'f', 'g')]) {
    await change();
    versions.push(await version());
    expect(await version()).toBe(versions.at(-1));
  }
  expect(new Set(versions).size).toBe(3);
});

it('shows nothing of that for records of the log, which come without an import', async () => {
  await append('b');
  const before = await importedVersions(opened.database, [dataset]);
  const compaction = { after: 0, through: 7, absorbed: [], files: [file('log')] };
  await opened.database.transaction().execute((trx) => compactDatasetFiles(trx, dataset, compaction, 1));
  expect(await importedVersions(opened.database, [dataset])).toEqual(before);
});

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

it('takes in records of the log once, and keeps them when the bulk data is replaced', async () => {
  const compact = (after: number, through: number, name: string, ...absorbed: string[]) =>
    opened.database
      .transaction()
      .execute((trx) =>
        compactDatasetFiles(
          trx,
          dataset,
          { after, through, absorbed: absorbed.map((one) => file(one).key), files: [file(name)] },
          1_700_000_000_000,
        ),
      );
  await replace('bulk');
  expect(await compact(0, 5, 'first')).toBe(true);
  expect(await compact(0, 5, 'first-again')).toBe(false);
  expect(await compact(5, 9, 'second', 'absent')).toBe(false);
  expect(await compact(5, 9, 'second')).toBe(true);
  expect(await compact(9, 12, 'both', 'first', 'second')).toBe(true);
  expect(await datasetFiles(opened.database, dataset)).toEqual([file('bulk'), file('both', 12)]);
  expect(await replace('new')).toEqual([file('bulk')]);
  expect(await datasetFiles(opened.database, dataset)).toEqual([file('both', 12), file('new')]);
  await opened.database.transaction().execute((trx) => clearDataset(trx, dataset));
  expect(await datasetFiles(opened.database, dataset)).toEqual([]);
});
