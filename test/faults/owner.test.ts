import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Answers, answersOf } from '../support/answers.ts';
import { clients, gone, steps } from '../support/personalize.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { runOpenPersonalize, type ServerProcess, startServerProcess } from '../support/server.ts';
import { putObject, schemas } from '../support/two-tastes.ts';

// What a server must never remove or change: files of a person, and data and models of another database. Each test
// begins with a home that has both, of version 0.1 so that it needs no training.
const fixture = join(import.meta.dirname, '../fixtures/homes/0.1.0');

let folder: string;
let round = 0;
let home: string;
let store: string;
let expected: Answers;
let postgres: Postgres | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openpersonalize-owner-'));
  expected = JSON.parse(await readFile(join(fixture, 'expected.json'), 'utf8'));
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  home = at('home');
  await cp(join(fixture, 'home'), home, { recursive: true });
  store = join(home, 'store');
  // When the schedule trains depends on the day; without its job it begins a period.
  using database = new DatabaseSync(join(home, 'openpersonalize.db'));
  database.exec('DELETE FROM jobs');
});

/** A path of this test alone. */
const at = (name: string) => join(folder, `${name}-${round++}`);

/** Files that a person keeps in folders that a server uses too. */
const own = ['datasets/interactions.csv', 'models/film.bin', 'work/thesis.txt', '.tmp/draft', 'notes.txt'];

async function putOwnFiles(place: string, names: readonly string[] = own): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(join(place, name)), { recursive: true });
    await writeFile(join(place, name), `my ${name}`);
  }
}

/** A digest of every file below a folder. */
async function bytesOf(place: string): Promise<Record<string, string>> {
  const entries = await readdir(place, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const digests = files.sort().map(async (path) => {
    const digest = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    return [path.slice(place.length + 1), digest] as const;
  });
  return Object.fromEntries(await Promise.all(digests));
}

/** But for the files that a running server writes together. */
const withoutRecords = (bytes: Record<string, string>) =>
  Object.fromEntries(Object.entries(bytes).filter(([name]) => !/^datasets\/records\/.*parquet$/.test(name)));

/** The sentence with which a start is refused. */
async function refused(...options: string[]): Promise<string> {
  const program = runOpenPersonalize(['start', '--port', '0', ...options]);
  program.process.stdout.once('data', () => program.process.kill('SIGTERM')); // it listens: that is for the assertion
  const [code] = await once(program.process, 'close');
  expect(program.output()).toBe('');
  expect(code, program.errors()).toBe(1);
  expect(program.errors().trim().split('\n')).toHaveLength(1);
  return program.errors();
}

const howToGoOn = /nothing was changed; .*backup.*openpersonalize doctor.*--adopt-store/;

/** That the server has all that it had, and answers as it did. */
async function expectAnswers({ url }: ServerProcess): Promise<void> {
  const answers = await answersOf(url, expected.campaigns);
  expect(answers.resources).toEqual(expected.resources);
  for (const [question, items] of Object.entries(expected.lists)) {
    // The newest item may be explored.
    const same = answers.lists[question]?.filter((item) => items.includes(item)) ?? [];
    expect(same.length, question).toBeGreaterThanOrEqual(items.length - 1);
  }
}

async function expectToWork(options: readonly string[] = []): Promise<void> {
  await using server = await startServerProcess({ home, options });
  await expectAnswers(server);
}

/** Starts the server once, so that home and store are marked. */
async function startOnce(options: readonly string[] = []): Promise<void> {
  const server = await startServerProcess({ home, options });
  expect(await server.stop()).toBe(0);
}

describe('a start without the database', () => {
  const database = () => join(home, 'openpersonalize.db');

  test.each([
    { name: 'that was moved away', marked: true, lose: () => rename(database(), join(folder, 'aside')) },
    {
      name: 'that was moved away before this version',
      marked: false,
      lose: () => rename(database(), join(folder, 'aside')),
    },
    {
      name: 'whose file is empty',
      marked: true,
      lose: async () => {
        await rename(database(), join(folder, 'aside'));
        await writeFile(database(), '');
      },
    },
  ])('$name is refused, and all is as it was when it is back', async ({ marked, lose }) => {
    if (marked) await startOnce();
    await putOwnFiles(store, ['datasets/mine.csv', 'models/mine.bin']);
    const before = await bytesOf(store);
    await lose();
    expect(await refused('--home', home)).toMatch(howToGoOn);
    expect(await refused('--home', home)).toContain(store);
    expect(await bytesOf(store)).toEqual(before);
    await rename(join(folder, 'aside'), database());
    await expectToWork();
    expect(await bytesOf(store)).toMatchObject(withoutRecords(before));
  });

  test('with a mistyped home on the same store is refused', async () => {
    await startOnce();
    const before = await bytesOf(home);
    expect(await refused('--home', at('mistyped'), '--store', store)).toMatch(howToGoOn);
    expect(await bytesOf(home)).toEqual(before);
    await expectToWork();
  });

  test('with an empty PostgreSQL instead is refused', async (context) => {
    if (!postgres) return context.skip("PostgreSQL's programs are missing");
    const before = await bytesOf(store);
    const url = await postgres.freshDatabase();
    expect(await refused('--home', home, '--database', url)).toMatch(howToGoOn);
    expect(await refused('--home', at('node'), '--database', url, '--store', store)).toMatch(howToGoOn);
    expect(await bytesOf(store)).toEqual(before);
    await expectToWork();
  });

  test('while its last commits lie in the log beside it is refused', async () => {
    const server = await startServerProcess({ home });
    const { personalize } = clients(server.url);
    await steps({ personalize }).datasetGroup('committed-last');
    await server.kill('SIGKILL');
    await rename(database(), join(folder, 'aside'));
    expect(await refused('--home', home)).toMatch(/openpersonalize.db is gone, .*openpersonalize.db-wal/);
    await rename(join(folder, 'aside'), database());
    await using again = await startServerProcess({ home });
    const { datasetGroups = [] } = await clients(again.url).personalize.listDatasetGroups({});
    expect(datasetGroups.map(({ name }) => name)).toContain('committed-last');
  });
});

test('a second server with a home of its own on the same store is refused, and the first goes on', async () => {
  await using first = await startServerProcess({ home });
  const before = await bytesOf(store);
  expect(await refused('--home', at('second'), '--store', store)).toMatch(howToGoOn);
  expect(await bytesOf(store)).toMatchObject(withoutRecords(before));
  await expectAnswers(first);
});

test('a store that is not there is refused instead of being made', async () => {
  await rename(store, join(home, 'unmounted'));
  expect(await refused('--home', home)).toMatch(howToGoOn);
  await mkdir(store); // the folder that a disk is mounted on
  expect(await refused('--home', home)).toMatch(/is empty, and the database names .*\(\d+ in all\)/);
  expect(await readdir(store)).toEqual([]);
  const elsewhere = at('mistyped');
  expect(await refused('--home', home, '--store', elsewhere)).toContain(elsewhere);
  expect(await bytesOf(elsewhere)).toEqual({});
  await rm(store, { recursive: true });
  await rename(join(home, 'unmounted'), store);
  await expectToWork();
});

test('a folder of a person is refused as a store and as a home, and stays as it is', async () => {
  const project = at('project');
  await putOwnFiles(project);
  const before = await bytesOf(project);
  expect(await refused('--home', at('fresh'), '--store', project)).toMatch(howToGoOn);
  expect(await refused('--home', project)).toMatch(/is no home of a server: it has .* --home/);
  expect(await bytesOf(project)).toEqual(before);
});

test('files of a person that lie among those of a server stay when those are deleted', async () => {
  const beside = 'models/0f8fad5b-d9cb-469f-a165-70867728950e/1/model.json';
  const inStore = [...own, 'datasets/records/1/mine.txt', beside].map((name) => join('store', name));
  const mine = [...own, ...inStore];
  await putOwnFiles(home, mine);
  await using server = await startServerProcess({ home });
  const { personalize } = clients(server.url);
  const { campaigns = [] } = await personalize.listCampaigns({});
  for (const { campaignArn } of campaigns) {
    await personalize.deleteCampaign({ campaignArn });
    await gone(() => personalize.describeCampaign({ campaignArn }));
  }
  const { solutions = [] } = await personalize.listSolutions({});
  for (const { solutionArn } of solutions) await personalize.deleteSolution({ solutionArn });
  const modelFiles = async () => Object.keys(await bytesOf(join(store, 'models'))).map((name) => join('models', name));
  await expect.poll(modelFiles).toEqual([beside, 'models/film.bin']);
  expect(await server.stop()).toBe(0);
  await startOnce();
  for (const name of mine) expect(await readFile(join(home, name), 'utf8'), name).toBe(`my ${name}`);
});

test('an adopted store keeps what the former database names, which can have it back', async () => {
  await startOnce();
  const before = await bytesOf(store);
  const other = at('other');
  {
    await using server = await startServerProcess({
      home: other,
      options: ['--store', store, '--adopt-store', 'true'],
    });
    expect(server.log()).toContain('adopted');
    const create = steps(clients(server.url));
    const datasetArn = await create.dataset(
      await create.datasetGroup('new'),
      'Interactions',
      'new',
      schemas.interactions,
    );
    const row = 'USER_ID,ITEM_ID,EVENT_TYPE,TIMESTAMP\nu1,i1,watch,1600000000\n';
    const location = await putObject(server.buckets, 'films', 'one.csv', row);
    for (const name of ['first', 'second']) {
      expect(await create.importJob(await create.startImport(datasetArn, name, location))).toMatchObject({
        status: 'ACTIVE',
      });
    }
  }
  const after = await bytesOf(store);
  expect(after).toMatchObject({ ...before, 'openpersonalize.json': expect.any(String) });
  expect(Object.keys(after)).toHaveLength(Object.keys(before).length + 1);

  expect(await refused('--home', home)).toMatch(howToGoOn);
  await expectToWork(['--adopt-store', 'true']);
  await expectToWork();
  expect(await bytesOf(store)).toMatchObject({
    ...withoutRecords(after),
    'openpersonalize.json': before['openpersonalize.json'],
  });
});
