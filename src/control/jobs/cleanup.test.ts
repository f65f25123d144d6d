import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPostgres } from '../../../test/support/postgres.ts';
import { type DatabaseLocation, type OpenDatabase, openDatabase } from '../../data/database/database.ts';
import type { ObjectStore } from '../../data/objects/object-store.ts';
import { openStore } from '../../data/objects/open-store.ts';
import { beginWriting, forgetUnreferenced, noteUnreferenced } from '../../data/objects/unreferenced-objects.ts';
import { countOthers } from '../doctor/store-checks.ts';
import { kinds } from '../kinds.ts';
import { Cleanup } from './cleanup.ts';

const folder = await mkdtemp(join(tmpdir(), 'cleanup-'));
const postgres = await startPostgres();
afterAll(async () => {
  await postgres?.stop();
  await rm(folder, { recursive: true });
});

let made = 0;
const backends = [
  { name: 'SQLite', missing: false, locate: async () => ({ file: join(folder, `${made++}.db`) }) },
  {
    name: 'PostgreSQL',
    missing: postgres === undefined,
    locate: async () => ({ url: (await postgres?.freshDatabase()) ?? '' }),
  },
];

const strangers = ['datasets/mine.csv', 'datasets/records/7/notes.txt', 'models/mine/model.json', 'notes.txt'];

describe.each(backends)('cleaning up over $name', ({ missing, locate }) => {
  let opened: OpenDatabase;
  let store: ObjectStore;
  let logged: string[];
  beforeEach(async (context) => {
    if (missing) context.skip();
    const location: DatabaseLocation = await locate();
    opened = await openDatabase(location);
    store = await openStore({ folder: join(folder, `store-${made++}`) });
    for (const key of strangers) await store.write(key, 'not ours');
    logged = [];
  });
  afterEach(() => opened?.close());

  const note = (message: string) => logged.push(message);
  const log = {
    info: () => {},
    warn: (_fields: object, message: string) => note(message),
    error: (_fields: object, message: string) => note(message),
  };

  /** One look at what can be removed. */
  async function cleanUp(of: ObjectStore = store): Promise<void> {
    const cleanup = new Cleanup({ database: opened.database, store: of, kinds, log });
    cleanup.start();
    await cleanup.stop();
  }

  async function keys(): Promise<string[]> {
    const found: string[] = [];
    for await (const { key } of store.list('')) if (!strangers.includes(key)) found.push(key);
    return found;
  }

  const noted = async () =>
    (await opened.database.selectFrom('unreferenced_objects').select('name').orderBy('name').execute()).map(
      ({ name }) => name,
    );

  async function addJob(): Promise<number> {
    const job = { kind: 'import-dataset', resource_arn: 'arn:x', attempts: 1, cancel_requested: 0, not_before: 0 };
    const row = await opened.database
      .insertInto('jobs')
      .values({ ...job, serial_key: null, owner: null, lease_expires_at: null, created_at: 0 })
      .returning('id')
      .executeTakeFirstOrThrow();
    return row.id;
  }

  const begin = (names: readonly string[], job: number) =>
    opened.database.transaction().execute((trx) => beginWriting(trx, names, 1, job));
  const drop = (names: readonly string[]) =>
    opened.database.transaction().execute((trx) => noteUnreferenced(trx, names, 1));

  it('leaves to a person what is not noted, and the doctor counts it', async () => {
    await store.write('datasets/a/1/part-0', 'ours');
    await drop(['datasets/a/']);
    const finding = async () => (await countOthers(store, opened.database)).sentence;
    expect(await finding()).toMatch(/^4 objects .* are none of the database's, such as .*datasets\/mine.csv/);
    for (const key of strangers) await store.remove(key);
    expect(await finding()).toMatch(/^There is nothing in the store/);
  });

  it('removes objects and folders that were noted, and nothing else whatever it is called', async () => {
    for (const key of ['datasets/a/1/part-0', 'datasets/a/1/part-1', 'models/b/1/model.json', 'models/b/1/t/x']) {
      await store.write(key, 'ours');
    }
    await drop(['datasets/a/1/part-0', 'models/b/1/']);
    await cleanUp();
    expect(await keys()).toEqual(['datasets/a/1/part-1']);
    expect(await noted()).toEqual([]);
    for (const key of strangers) expect(await store.head(key), key).toBeDefined();
    expect(logged).toEqual([]);
  });

  it('leaves what a job is writing until the job is gone, and takes what its earlier attempts have written', async () => {
    const job = await addJob();
    await begin(['models/b/first/', 'models/b/checkpoints/'], job);
    await store.write('models/b/first/half', 'half a model');
    await store.write('models/b/checkpoints/state', 'kept');
    await cleanUp();
    expect(await keys()).toEqual(['models/b/checkpoints/state', 'models/b/first/half']);

    await begin(['models/b/second/', 'models/b/checkpoints/'], job);
    await store.write('models/b/second/model.json', '{}');
    await cleanUp();
    expect(await keys()).toEqual(['models/b/checkpoints/state', 'models/b/second/model.json']);

    await forgetUnreferenced(opened.database, ['models/b/second/']);
    await opened.database.deleteFrom('jobs').execute();
    await cleanUp();
    expect(await keys()).toEqual(['models/b/second/model.json']);
    expect(await noted()).toEqual([]);
  });

  it('never removes what the database names, even if it was noted by mistake', async () => {
    const file = { dataset_arn: 'arn:d', position: 0, rows: 1, bytes: 1, import_job_arn: 'arn:j', created_at: 1 };
    await opened.database
      .insertInto('dataset_files')
      .values({ ...file, key: 'datasets/a/1/part-0', through: null })
      .execute();
    await store.write('datasets/a/1/part-0', 'data');
    await drop(['datasets/a/', 'datasets/a/1/part-0']);
    await cleanUp();
    expect(await keys()).toEqual(['datasets/a/1/part-0']);
    expect(logged).toEqual(Array(2).fill('An object that is to be removed is in use: it stays.'));
  });

  it('tries again what could not be removed, and does the rest meanwhile', async () => {
    for (const key of ['datasets/a', 'datasets/b', 'datasets/c']) await store.write(key, 'ours');
    await drop(['datasets/a', 'datasets/b', 'datasets/c']);
    const failing: ObjectStore = Object.create(store, {
      remove: {
        value: async (key: string) => {
          if (key === 'datasets/b') throw new Error('unreachable');
          await store.remove(key);
        },
      },
    });
    await cleanUp(failing);
    expect(await keys()).toEqual(['datasets/b']);
    expect(await noted()).toEqual(['datasets/b']);
    expect(logged).toHaveLength(1);
    await cleanUp();
    expect(await keys()).toEqual([]);
  });

  it('does not hold up a server that stops, and goes on at the next start', async () => {
    for (const key of ['datasets/a', 'datasets/b', 'datasets/c']) await store.write(key, 'ours');
    await drop(['datasets/a', 'datasets/b', 'datasets/c']);
    let time = 0;
    const slow: ObjectStore = Object.create(store, {
      remove: {
        value: async (key: string) => {
          time += 3000;
          await store.remove(key);
        },
      },
    });
    const cleanup = new Cleanup({ database: opened.database, store: slow, kinds, log }, () => time);
    cleanup.start();
    await cleanup.stop();
    expect(await keys()).toEqual(['datasets/c']);
    expect(await noted()).toEqual(['datasets/c']);
    await cleanUp();
    expect(await keys()).toEqual([]);
  });

  it('removes the files of a large dataset, which are noted at once', async () => {
    const many = Array.from({ length: 2500 }, (_, index) => `datasets/large/part-${index}`);
    await drop(many);
    expect(await noted()).toHaveLength(many.length);
    await cleanUp();
    expect(await noted()).toEqual([]);
  });
});
