import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMoto } from '../../../test/support/moto.ts';
import { type DatabaseWithSnapshots, type OpenDatabase, openDatabase } from '../../data/database/database.ts';
import type { ObjectStore } from '../../data/objects/object-store.ts';
import { type FoundStore, findStore, openStore } from '../../data/objects/open-store.ts';
import { claimStore, markKey, storeIdOf } from '../../data/objects/store-owner.ts';
import { openOwnStore } from '../own-store.ts';
import { readBackup } from './backup.ts';
import { makeBackup } from './make-backup.ts';
import { restoreBackup } from './restore-backup.ts';

const { signal } = new AbortController();
const moto = await startMoto();
const log = { info: () => {}, warn: () => {}, error: () => {} };

let folder: string;
let opened: DatabaseWithSnapshots;
let store: ObjectStore;
let made = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backup-'));
  await moto?.createBucket('backups');
  opened = await openDatabase({ file: join(folder, 'own.db') });
  store = await openStore({ folder: join(folder, 'own') });
  for (const key of ['a', 'b', 'c']) await addFile(key);
  await claimStore(opened.database, store);
});
afterAll(async () => {
  await opened.close();
  await moto?.stop();
  await rm(folder, { recursive: true });
});

async function addFile(name: string): Promise<void> {
  const row = { key: `datasets/${name}`, rows: 1, bytes: 4, import_job_arn: 'j', created_at: 1, through: null };
  await store.write(row.key, 'rows');
  await opened.database
    .insertInto('dataset_files')
    .values({ ...row, dataset_arn: name, position: 0, sha256: null })
    .execute();
}

async function workFolder(): Promise<string> {
  const path = join(folder, `work-${made++}`);
  await mkdir(path);
  return path;
}

const backUp = async (target: ObjectStore, takeSnapshot = opened.snapshot, from = store) =>
  makeBackup({
    store: from,
    target,
    takeSnapshot,
    workFolder: await workFolder(),
    version: '1.2.3',
    now: 0,
    signal,
  });

const newTarget = () => openStore({ folder: join(folder, `backup-${made++}`) });

async function keysOf(from: ObjectStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of from.list('')) keys.push(key);
  return keys;
}

/** A store on which only so many writes succeed. */
function failingAfter(writes: number, over: ObjectStore): ObjectStore {
  let left = writes;
  return {
    head: (key) => over.head(key),
    read: (key) => over.read(key),
    async write(key, content) {
      if (left-- === 0) throw new Error('killed');
      await over.write(key, content);
    },
    writeNew: (key, content) => over.writeNew(key, content),
    adopt: (key, path) => over.adopt(key, path),
    list: (prefix, options) => over.list(prefix, options),
    remove: (key) => over.remove(key),
    removeAll: (prefix) => over.removeAll(prefix),
    location: (key) => over.location(key),
    localFile: (key) => over.localFile(key),
    localFolder: (prefix) => over.localFolder(prefix),
  };
}

describe('a backup', () => {
  it('takes another snapshot when an import replaces what the first one names', async () => {
    const target = await newTarget();
    let snapshots = 0;
    const backup = await backUp(target, async (file) => {
      await opened.snapshot(file);
      if (snapshots++ > 0) return;
      await opened.database.deleteFrom('dataset_files').where('key', '=', 'datasets/c').execute();
      await store.remove('datasets/c');
      await addFile('d');
    });
    expect(snapshots).toBe(2);
    const files = ['database.sqlite', 'store/datasets/a', 'store/datasets/b', 'store/datasets/d'];
    expect(Object.keys(backup.files).sort()).toEqual(files);
    expect(await keysOf(target)).toEqual(['backup.json', ...files]);
    expect(backup).toMatchObject({ counts: { objects: 3, bytes: 12 }, storeId: await storeIdOf(opened.database) });
  });

  it('is refused where another one is being made, and leaves that one alone', async () => {
    const target = await newTarget();
    let refusal: unknown;
    const { files } = await backUp(target, async (file) => {
      await opened.snapshot(file);
      await expect(readBackup(target)).rejects.toThrow('was not finished');
      refusal = await backUp(target).catch(String);
    });
    expect(refusal).toMatch(/backup.json is there: a backup goes into a new or an empty place/);
    expect(await keysOf(target)).toEqual(['backup.json', ...Object.keys(files).sort()]);
  });

  it('names an object that the database names and the store lacks, and leaves nothing', async () => {
    const target = await newTarget();
    const content = await text(await store.read('datasets/a'));
    await store.remove('datasets/a');
    await expect(backUp(target)).rejects.toThrow(/no object .*datasets\/a\. The database names it\. Look with/);
    await store.write('datasets/a', `${content}!`);
    await expect(backUp(target)).rejects.toThrow(/datasets\/a is damaged.*or its dataset or solution is deleted/);
    await store.write('datasets/a', content);
    expect(await keysOf(target)).toEqual([]);
  });
});

it('restores into a database that is refused at the store of the first one', async () => {
  const source = await newTarget();
  await backUp(source);
  const file = join(folder, 'second.db');
  const openTarget = () => openDatabase({ file });
  const target = await findStore({ folder: join(folder, 'second') });
  await restoreBackup({ source, target, openTarget, workFolder: await workFolder(), signal });
  const { database, close } = await openTarget();
  const openWith = (name: string) =>
    openOwnStore({ location: { folder: join(folder, name) }, database, adopt: false, log });
  await expect(openWith('own')).rejects.toThrow(/belongs to another database/);
  await openWith('second');
  await close();
});

it('goes to a bucket and into a store in a bucket', async (context) => {
  if (!moto) return context.skip();
  const cacheFolder = join(folder, 'cache');
  const inBucket = (prefix: string) => ({ bucket: 'backups', prefix, endpoint: moto.url, cacheFolder });
  const source = await openStore(inBucket('monday'));
  const { files } = await backUp(source);
  const location = inBucket('restored');
  const file = join(folder, 'from-bucket.db');
  const openTarget = () => openDatabase({ file });
  await restoreBackup({
    source,
    target: await findStore(location),
    openTarget,
    workFolder: await workFolder(),
    signal,
  });
  const { database, close } = await openTarget();
  const restored = await openOwnStore({ location, database, adopt: false, log });
  const objects = Object.keys(files).flatMap((name) =>
    name.startsWith('store/') ? [name.slice('store/'.length)] : [],
  );
  expect(objects.length).toBeGreaterThan(2);
  expect(await keysOf(restored)).toEqual([...objects, markKey].sort());
  await close();
});

describe('a restore that ends early', () => {
  it('at any moment leaves what no server starts on, and what the next one completes', async () => {
    const source = await newTarget();
    await backUp(source);
    const [marks, objects] = [2, 3];
    for (let writes = 0; writes < marks + objects; writes++) {
      const location = { folder: join(folder, `store-${made++}`) };
      const found = await findStore(location);
      const file = join(folder, `restored-${made++}.db`);
      const restore = async (target: FoundStore) =>
        restoreBackup({
          source,
          target,
          openTarget: () => openDatabase({ file }),
          workFolder: await workFolder(),
          signal,
        });
      await expect(restore({ ...found, store: failingAfter(writes, found.store) })).rejects.toThrow('killed');
      if (writes > 0) await expectRefusal(location, file, writes === marks + objects - 1);
      await restore(found);
      const restored = await openDatabase({ file });
      await openOwnStore({ location, database: restored.database, adopt: false, log });
      expect(await keysOf(found.store)).toEqual(['datasets/a', 'datasets/b', 'datasets/d', markKey]);
      expect(await text(await found.store.read(markKey))).not.toContain('restoring');
      expect(await filesOf(restored)).toEqual(await filesOf(opened));
      await restored.close();
    }
  });

  /** Once the database is whole, a server may start. */
  async function expectRefusal(location: { folder: string }, file: string, isWhole: boolean): Promise<void> {
    const { database, close } = await openDatabase({ file });
    const started = openOwnStore({ location, database, adopt: true, log });
    if (isWhole) await started;
    else await expect(started).rejects.toThrow(/holds part of a backup.*openpersonalize restore/);
    await close();
  }

  const filesOf = ({ database }: OpenDatabase) =>
    database.selectFrom('dataset_files').select(['key', 'dataset_arn']).orderBy('key').execute();
});
