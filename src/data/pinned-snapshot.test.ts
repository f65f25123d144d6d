import { mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from './database/database.ts';
import { appendDatasetFiles } from './manifest.ts';
import type { ObjectStore } from './objects/object-store.ts';
import { openStore } from './objects/open-store.ts';
import { pinSnapshot } from './pinned-snapshot.ts';
import { pinDataset } from './records/pinned-dataset.ts';
import { RecordLog } from './records/record-log.ts';

const datasetArn = 'arn:dataset';
const sha256 = 'bc51e9e65d79e1c90ba544ab2eae1044ccdf8c1af7a559ba375cba4276f7d99e';

let folder: string;
let opened: OpenDatabase;
let store: ObjectStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taken-'));
  opened = await openDatabase({ file: ':memory:' });
  store = await openStore({ folder: join(folder, 'store') });
  await store.write('datasets/a', 'rows');
  await opened.database
    .transaction()
    .execute((trx) =>
      appendDatasetFiles(trx, datasetArn, 'arn:job', [{ key: 'datasets/a', rows: 1, bytes: 4, sha256 }], 0),
    );
});
afterEach(async () => {
  await opened.close();
  await rm(folder, { recursive: true });
});

const take = () => pinSnapshot({ ...opened, store }, datasetArn, join(folder, 'work'));

it('gives the files that the manifest names', async () => {
  expect(await take()).toEqual([{ path: join(folder, 'work', '1', '0.parquet'), through: null }]);
});

it('names a damaged file as the object that it is, to trainings, live fills and newest items alike', async () => {
  await store.write('datasets/a', 'cows');
  const damaged = { reason: 'damaged', message: expect.stringContaining(`${store.location('datasets/a')} is damaged`) };
  await expect(take()).rejects.toMatchObject(damaged);
  const log = new RecordLog({ ...opened, clock: { now: () => 0 }, log: { error: () => {} } });
  const { signal } = new AbortController();
  const request = { ...opened, store, records: log, datasetArn, folder: join(folder, 'all'), signal };
  await expect(pinDataset({ ...request, rows: 'all' })).rejects.toMatchObject(damaged);
  // Views of streamed records alone do not depend on what was imported.
  expect(await pinDataset({ ...request, rows: 'streamed' })).toEqual({ files: [], watermark: 0 });
});

it('names a file of an earlier release that is cut short, though it has no checksum', async () => {
  await opened.database.updateTable('dataset_files').set({ sha256: null }).execute();
  await truncate(store.location('datasets/a'), 3);
  await expect(take()).rejects.toThrow(/datasets\/a is damaged, as it has 3 bytes instead of 4: .* importMode FULL/);
});
