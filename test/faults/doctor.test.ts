import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clients, steps } from '../support/personalize.ts';
import { runOpenPersonalize, startServerProcess } from '../support/server.ts';
import { putObject, schemas, twoTastes } from '../support/two-tastes.ts';

let folder: string;
/** Of a server that has ended; tests damage copies of it. */
let home: string;
/** What the doctor says of it while it runs. */
let healthy: Examination;

type Examination = { readonly code: unknown; readonly said: string; line(about: string): string };

async function doctor(...parameters: string[]): Promise<Examination> {
  const program = runOpenPersonalize(['doctor', '--port', '0', ...parameters]);
  const [code] = await once(program.process, 'close');
  expect(program.errors()).toBe('');
  const said = program.output();
  return { code, said, line: (about) => said.split('\n').find((one) => one.slice(7).startsWith(about)) ?? '' };
}

/** Everything but what SQLite writes when it opens a file. */
async function contentOf(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : []));
  const sums = files
    .filter((file) => !/-(wal|shm)$/.test(file))
    .map(
      async (file) =>
        `${file} ${createHash('sha256')
          .update(await readFile(file))
          .digest('hex')}`,
    );
  return (await Promise.all(sums)).sort();
}

let copies = 0;
async function copyOfHome(): Promise<string> {
  const copy = join(folder, `copy-${copies++}`);
  await cp(home, copy, { recursive: true });
  return copy;
}

/** What it says of something wrong that it leaves as it is. */
async function findingsOf(damaged: string, ...parameters: string[]): Promise<Examination> {
  const before = await contentOf(damaged);
  const found = await doctor('--home', damaged, ...parameters);
  expect(await contentOf(damaged)).toEqual(before);
  expect(found.code, found.said).toBe(1);
  return found;
}

async function fileIn(path: string, ending: string): Promise<string> {
  const names = await readdir(path, { recursive: true });
  return join(path, names.find((name) => name.endsWith(ending)) ?? '');
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openpersonalize-doctor-'));
  home = join(folder, 'home');
  await using server = await startServerProcess({ home });
  const create = steps(clients(server.url));
  const datasetGroupArn = await create.datasetGroup('films');
  const datasetArn = await create.dataset(datasetGroupArn, 'Interactions', 'films', schemas.interactions);
  const location = await putObject(server.buckets, 'films', 'events.csv', twoTastes());
  await create.importJob(await create.startImport(datasetArn, 'films', location));
  const solution = await create.solution(datasetGroupArn, 'films', 'aws-popularity-count');
  expect(await create.version(await create.startVersion(solution))).toMatchObject({ status: 'ACTIVE' });
  healthy = await doctor('--home', home);
  expect(healthy.line('server')).toContain(`answers at ${server.url}`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('nothing is wrong with a server that runs, and with one that has ended', async () => {
  expect(healthy.code, healthy.said).toBe(0);
  expect(healthy.said.split('\n').filter((line) => line !== '' && !line.startsWith('ok '))).toEqual([]);
  // A Parquet file, and the files of a model.
  expect(healthy.line('objects')).toContain('All 4 that the database names are as they were written.');
  const ended = await doctor('--home', home);
  expect(ended.code, ended.said).toBe(0);
  expect(ended.line('server')).toContain('None runs on this home');
});

test('names what is damaged or missing in the store, and says what to do', async () => {
  const damaged = await copyOfHome();
  const [data, tensors] = [await fileIn(join(damaged, 'store'), '0.parquet'), await fileIn(damaged, '.safetensors')];
  const whole = await readFile(data);
  whole.writeUInt8(whole.readUInt8(100) ^ 1, 100);
  await writeFile(data, whole);
  await rm(tensors);
  const found = await findingsOf(damaged);
  expect(found.line('objects')).toMatch(
    /^WRONG .*2 of 4 objects that the database names are not as they were written:$/,
  );
  expect(found.said).toContain(`${data} is damaged: put it back from a backup, or import all data`);
  expect(found.said).toContain(`There is no object ${tensors}: put the model back from a backup`);
  await rm(join(damaged, 'store'), { recursive: true });
  const lost = await findingsOf(damaged);
  expect(lost.line('store')).toMatch(/^WRONG .* is empty, and the database names .*: mount the disk of its objects/);
  expect(lost.line('objects')).toMatch(/^\? .*not checked/);
  expect(lost.said.match(/^WRONG/gm)).toHaveLength(1);
});

test('says of a damaged, missing or foreign database what to do', async () => {
  const damaged = await copyOfHome();
  const file = join(damaged, 'openpersonalize.db');
  const whole = await readFile(file);
  await writeFile(file, whole.subarray(0, whole.length / 2));
  const found = await findingsOf(damaged);
  expect(found.line('database')).toMatch(/^WRONG .*openpersonalize.db is damaged .*openpersonalize restore/);
  expect(found.line('objects')).toMatch(/^\? .*not checked/);
  expect(found.line('store')).toMatch(/^\? .* has 4 objects and bears the mark of a server/);
  await rm(file);
  for (const suffix of ['-wal', '-shm']) await rm(`${file}${suffix}`, { force: true });
  expect((await findingsOf(damaged)).line('database')).toContain('There is no database');
  const other = join(folder, 'other');
  await (await startServerProcess({ home: other })).stop();
  const foreign = await findingsOf(other, '--store', join(home, 'store'));
  expect(foreign.line('store')).toMatch(/^WRONG .*belongs to another database/);
});

test('notices a clock that is behind, and a port that another has', async () => {
  const early = await copyOfHome();
  const database = new DatabaseSync(join(early, 'openpersonalize.db'));
  database.exec(`update resources set updated_at = ${Date.UTC(2100, 0)} where kind = 'dataset'`);
  database.close();
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' ? String(address?.port) : '';
  const found = await findingsOf(early, '--port', port);
  expect(found.line('clock')).toMatch(/^WRONG .*the database tells of 2100-01-01 00:00:00 UTC: set the clock/);
  expect(found.line('server')).toMatch(new RegExp(`^WRONG .*port ${port} is in use by another program`));
  taken.close();
});

test('repairs what can be mended without loss, and blesses no damage', async () => {
  const old = await copyOfHome();
  const file = join(old, 'openpersonalize.db');
  const database = new DatabaseSync(file);
  database.exec('update dataset_files set sha256 = null');
  database.exec(`insert into unreferenced_objects values ('datasets/left/', null, 1)`);
  database.close();
  await rm(join(old, 'store', 'openpersonalize.json'));
  const before = await doctor('--home', old);
  expect(before.code, before.said).toBe(0);
  expect(before.line('store')).toContain('bears no mark yet');
  expect(before.line('objects')).toContain('1 files of datasets have no checksum yet');

  await mkdir(join(old, 'store', 'datasets', 'left'));
  await writeFile(join(old, 'store', 'datasets', 'left', 'over'), 'ours');
  await writeFile(join(old, 'store', 'datasets', 'mine'), 'a person’s');
  const data = await fileIn(join(old, 'store'), '0.parquet');
  const whole = await readFile(data);
  await writeFile(data, Buffer.concat([whole.subarray(0, 200), Buffer.alloc(2000, 7), whole.subarray(2200)]));
  const refused = await doctor('--home', old, '--repair');
  expect(refused.said).toContain(`done   ${join(old, 'store')} is marked as the database's.`);
  expect(refused.said).toContain(`done   ${data} gets no checksum`);
  expect(refused.said).toContain("done   1 leftovers of the server's own work were removed");
  expect(await readdir(join(old, 'store', 'datasets'))).not.toContain('left');
  expect(await readdir(join(old, 'store', 'datasets'))).toContain('mine');
  await writeFile(data, whole);
  const repaired = await doctor('--home', old, '--repair');
  expect(repaired.said).toContain('done   1 files of datasets have a checksum now.');
  expect(repaired.code, repaired.said).toBe(0);
  expect(repaired.line('objects')).not.toContain('no checksum');
  expect((await doctor('--home', old, '--repair')).said).toContain('There was nothing to repair.');

  await using server = await startServerProcess({ home: old });
  const running = await doctor('--home', old, '--repair');
  expect(running.said).toContain('done   Nothing was repaired. The database');
  expect(running.code, server.log()).toBe(0);
});

test('it says which home other users of the machine may look into', async () => {
  const open = await copyOfHome();
  for (const mode of [0o750, 0o705]) {
    await chmod(open, mode);
    const { said, code } = await doctor('--home', open);
    expect(said).toContain(`may look into ${open} (mode ${mode.toString(8)}): chmod 700 closes it to them.`);
    expect(code, said).toBe(0);
  }
  await chmod(open, 0o700);
  expect((await doctor('--home', open)).said).not.toContain('may look into');
});
