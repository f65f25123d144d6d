import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMoto } from '../../test/support/moto.ts';
import { startPostgres } from '../../test/support/postgres.ts';
import { type OpenDatabase, openDatabase } from '../data/database/database.ts';
import type { ObjectStore } from '../data/objects/object-store.ts';
import { findStore, type StoreLocation } from '../data/objects/open-store.ts';
import { markKey, storeIdOf } from '../data/objects/store-owner.ts';
import { openOwnStore } from './own-store.ts';

const folder = await mkdtemp(join(tmpdir(), 'own-store-'));
const [moto, postgres] = [await startMoto(), await startPostgres()];
await moto?.createBucket('own');
afterAll(async () => {
  await Promise.all([moto?.stop(), postgres?.stop()]);
  await rm(folder, { recursive: true });
});

let made = 0;
const newFile = () => openDatabase({ file: join(folder, `${made++}.db`) });
const cacheFolder = join(folder, 'cache');
const folderLocation = (): StoreLocation => ({ folder: join(folder, `store-${made++}`) });
const bucketLocation = (): StoreLocation => ({
  bucket: 'own',
  prefix: `store-${made++}`,
  endpoint: moto?.url ?? '',
  cacheFolder,
});

const backends = [
  { name: 'a folder and SQLite', missing: false, locate: folderLocation, open: newFile },
  {
    name: 'a bucket and PostgreSQL',
    missing: !moto || !postgres,
    locate: bucketLocation,
    open: async () => openDatabase({ url: (await postgres?.freshDatabase()) ?? '' }),
  },
];

const logged: object[] = [];
const log = { info: () => {}, warn: (fields: object) => logged.push(fields), error: () => {} };

async function contents(location: StoreLocation): Promise<Record<string, string>> {
  const { store } = await findStore(location);
  const found: Record<string, string> = {};
  for await (const { key } of store.list('')) found[key] = await text(await store.read(key));
  return found;
}

/** Makes the database name a file, as an import does. */
async function nameFile({ database }: OpenDatabase, key: string): Promise<void> {
  const row = { dataset_arn: 'arn:d', position: 0, key, rows: 1, bytes: 1, import_job_arn: 'arn:j', created_at: 1 };
  await database
    .insertInto('dataset_files')
    .values({ ...row, through: null })
    .execute();
}

async function write(location: StoreLocation, key: string): Promise<ObjectStore> {
  const { store, prepare } = await findStore(location);
  await prepare();
  await store.write(key, 'rows');
  return store;
}

describe.each(backends)('the store of a server over $name', ({ missing, locate, open }) => {
  let location: StoreLocation;
  let mine: OpenDatabase;
  let other: OpenDatabase;
  beforeEach(async (context) => {
    if (missing) context.skip();
    location = locate();
    [mine, other] = [await open(), await open()];
  });
  afterEach(async () => {
    if (missing) return;
    await Promise.all([mine.close(), other.close()]);
  });

  const openAs = ({ database }: OpenDatabase, adopt = false) => openOwnStore({ location, database, adopt, log });

  /** What is refused leaves database and store as they were. */
  async function refused(by: OpenDatabase): Promise<string> {
    const before = { objects: await contents(location).catch(String), id: await storeIdOf(by.database) };
    const reason = await openAs(by).then(() => 'It was opened.', String);
    expect({ objects: await contents(location).catch(String), id: await storeIdOf(by.database) }).toEqual(before);
    return reason;
  }

  it('is marked once, and is the same for every later start', async () => {
    await openAs(mine);
    const mark = await contents(location);
    expect(mark[markKey]).toContain(`"storeId": "${await storeIdOf(mine.database)}"`);
    await openAs(mine);
    expect(await contents(location)).toEqual(mark);
  });

  it('is marked by the next start after a crash between the database and the mark', async () => {
    await openAs(mine);
    await (await findStore(location)).store.remove(markKey);
    const id = await storeIdOf(mine.database);
    await openAs(mine);
    expect((await contents(location))[markKey]).toContain(id);
  });

  it('goes to one of two databases that start at once on an empty store, and the other is refused', async () => {
    const opened = await Promise.allSettled([openAs(mine), openAs(other)]);
    const reasons = opened.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []));
    expect(reasons).toEqual([expect.stringContaining('belongs to another database')]);
    const winner = opened[0]?.status === 'fulfilled' ? mine : other;
    expect((await contents(location))[markKey]).toContain(await storeIdOf(winner.database));
  });

  it('gets one id when several nodes start at once', async () => {
    await Promise.all(Array.from({ length: 5 }, () => openAs(mine)));
    expect((await contents(location))[markKey]).toContain(await storeIdOf(mine.database));
    await openAs(mine);
  });

  it('is known to a database of an earlier release by the objects that it names', async () => {
    await write(location, 'datasets/a/1/part-00000.parquet');
    await nameFile(mine, 'datasets/a/1/part-00000.parquet');
    await openAs(mine);
    expect((await contents(location))[markKey]).toContain(await storeIdOf(mine.database));
    // A copy of the database from before it was marked is the same database.
    await nameFile(other, 'datasets/a/1/part-00000.parquet');
    await openAs(other);
    expect(await storeIdOf(other.database)).toBe(await storeIdOf(mine.database));
  });

  it('is refused to a database that is new or has another store', async () => {
    await openAs(mine);
    await write(location, 'datasets/a/1/part-00000.parquet');
    expect(await refused(other)).toMatch(/belongs to another database .* new .* restore a backup .* --adopt-store/);
    const right = location;
    location = locate();
    await openAs(other);
    location = right;
    expect(await refused(other)).toMatch(/belongs to another database \(its openpersonalize.json says [0-9a-f-]{36}/);
    await openAs(mine);
  });

  it('is refused to a new database when it holds files without a mark', async () => {
    await write(location, 'datasets/mine.csv');
    expect(await refused(other)).toMatch(/holds files, such as datasets\/mine.csv, and the database is new/);
  });

  it('is refused when it lacks all that the database names: it may be another place, or a disk that is not mounted', async () => {
    await openAs(mine);
    await write(location, 'datasets/a/1/part-00000.parquet');
    await nameFile(mine, 'datasets/a/1/part-00000.parquet');
    const right = location;
    location = locate();
    expect(await refused(mine)).toMatch(
      /is empty, and the database names objects that are not in it, such as datasets\/a.* \(1 in all\): nothing was changed; mount the disk/,
    );
    await write(location, 'notes.txt');
    expect(await refused(mine)).toMatch(/holds nothing that the database names .* such as notes.txt/);
    location = right;
    await openAs(mine);
  });

  it('is adopted when a person says so: the mark changes, all else stays and is counted', async () => {
    await openAs(mine);
    await write(location, 'datasets/a/1/part-00000.parquet');
    const before = await contents(location);
    logged.length = 0;
    await openAs(other, true);
    const after = await contents(location);
    expect(after[markKey]).toContain(await storeIdOf(other.database));
    expect({ ...after, [markKey]: before[markKey] }).toEqual(before);
    expect(logged).toEqual([expect.objectContaining({ unknownObjects: 1, unknownBytes: 4 })]);
    await openAs(other);
    expect(await refused(mine)).toMatch(/belongs to another database/);
  });

  it.each([
    ['JSON of another kind', '{"name": "my project"}'],
    ['something large', 'x'.repeat(10_000)],
    ['a mark of a newer release', '{"format": 2, "storeId": "x"}'],
    ['half a mark', '{"format": 1, "st'],
    ['JSON that is no object', 'null'],
  ])('is refused, even to be adopted, while %s bears the name of the mark', async (_case, content) => {
    const store = await write(location, 'x');
    await store.write(markKey, content);
    expect(await refused(other)).toMatch(/has a file openpersonalize.json .* move it away/);
    await expect(openAs(other, true)).rejects.toThrow(/move it away/);
    expect((await contents(location))[markKey]).toBe(content);
  });
});

it('makes no folder for a store that is refused', async () => {
  const mine = await newFile();
  await nameFile(mine, 'datasets/a/1/part-00000.parquet');
  const mistyped = join(folder, 'mistyped', 'store');
  const opening = openOwnStore({ location: { folder: mistyped }, database: mine.database, adopt: false, log });
  await expect(opening).rejects.toThrow(`The store ${mistyped} is empty`);
  expect(await readdir(folder)).not.toContain('mistyped');
  await mine.close();
});

it('takes a disk that is mounted for the store for an empty one', async () => {
  const mine = await newFile();
  const disk = await mkdtemp(join(folder, 'disk-'));
  await mkdir(join(disk, 'lost+found'));
  await writeFile(join(disk, 'lost+found', '#1'), 'a piece');
  await openOwnStore({ location: { folder: disk }, database: mine.database, adopt: false, log });
  expect(await readFile(join(disk, markKey), 'utf8')).toContain('storeId');
  await mine.close();
});
