import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { active, clients, eventsClient, steps } from '../support/personalize.ts';
import { startPostgres } from '../support/postgres.ts';
import { runOpenPersonalize, type ServerProcess, startServerProcess } from '../support/server.ts';
import { putObject, schemas, twoTastes } from '../support/two-tastes.ts';

// A server with everything in it is lost after a backup that was made while it worked; the backup goes into new homes.

const postgres = await startPostgres();
let folder: string;
let buckets: string;
let backup: string;
/** Of the server that is lost. */
let lost: Facts;

type Facts = {
  readonly resources: readonly string[];
  readonly answer: unknown;
  readonly campaignArn: string;
  readonly solutionArn: string;
  readonly trackingId: string;
  /** Events that were acknowledged before the backup began. */
  readonly acknowledged: readonly string[];
};

async function run(...parameters: string[]): Promise<{ code: unknown; output: string; errors: string }> {
  const program = runOpenPersonalize(parameters);
  const [code] = await once(program.process, 'close');
  return { code, output: program.output(), errors: program.errors() };
}

async function start(home: string, ...options: string[]): Promise<ServerProcess> {
  return await startServerProcess({ home, options: ['--buckets', buckets, ...options] });
}

const putOf = (trackingId: string, eventId: string) => ({
  trackingId,
  sessionId: 's1',
  userId: 'ub1',
  eventList: [{ eventId, eventType: 'watch', itemId: 'a1', sentAt: new Date() }],
});

async function resourcesOf(url: string): Promise<string[]> {
  const { personalize } = clients(url);
  const lists = await Promise.all([
    personalize.listDatasetGroups({}).then(({ datasetGroups }) => datasetGroups?.map((one) => one.datasetGroupArn)),
    personalize.listSchemas({}).then(({ schemas: all }) => all?.map((one) => one.schemaArn)),
    personalize.listDatasets({}).then(({ datasets }) => datasets?.map((one) => one.datasetArn)),
    personalize.listDatasetImportJobs({}).then((jobs) => jobs.datasetImportJobs?.map((one) => one.datasetImportJobArn)),
    personalize.listEventTrackers({}).then(({ eventTrackers }) => eventTrackers?.map((one) => one.eventTrackerArn)),
    personalize.listSolutions({}).then(({ solutions }) => solutions?.map((one) => one.solutionArn)),
    personalize.listCampaigns({}).then(({ campaigns }) => campaigns?.map((one) => `${one.campaignArn} ${one.status}`)),
  ]);
  return lists.flatMap((list) => list ?? []).map(String);
}

const answerOf = (url: string, campaignArn: string) =>
  clients(url)
    .runtime.getRecommendations({ campaignArn, userId: 'ua3', numResults: 10 })
    .then(({ itemList }) => itemList);

async function storedEvents(url: string): Promise<string[]> {
  const { events }: { events: { eventId: string }[] } = JSON.parse(
    await (await fetch(`${url}/admin/events?limit=1000`)).text(),
  );
  return events.map(({ eventId }) => eventId);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openpersonalize-backup-'));
  [buckets, backup] = [join(folder, 'buckets'), join(folder, 'backup')];
  const home = join(folder, 'lost');
  const server = await start(home);
  const { personalize } = clients(server.url);
  const create = steps({ personalize });
  const datasetGroupArn = await create.datasetGroup('films');
  const datasetArn = await create.dataset(datasetGroupArn, 'Interactions', 'films', schemas.interactions);
  const location = await putObject(buckets, 'films', 'events.csv', twoTastes());
  await create.importJob(await create.startImport(datasetArn, 'films', location));
  const { eventTrackerArn, trackingId = '' } = await personalize.createEventTracker({ name: 'web', datasetGroupArn });
  await active(async () => (await personalize.describeEventTracker({ eventTrackerArn })).eventTracker);
  const solutionArn = await create.solution(datasetGroupArn, 'films', 'aws-user-personalization');
  await eventsClient(server.url).putEvents(putOf(trackingId, 'before-the-training'));
  const version = await create.startVersion(solutionArn);
  expect(await create.version(version)).toMatchObject({ status: 'ACTIVE' });
  const campaignArn = await create.campaign('films', version);

  const acknowledged = ['before-the-training'];
  let running = true;
  const stream = (async () => {
    for (let n = 0; running; n++) {
      await eventsClient(server.url).putEvents(putOf(trackingId, `streamed-${n}`));
      acknowledged.push(`streamed-${n}`);
      await sleep(5);
    }
  })();
  while (acknowledged.length < 20) await sleep(5);
  const before = [...acknowledged];
  const made = await run('backup', backup, '--home', home, '--buckets', buckets);
  expect(made).toMatchObject({ code: 0, errors: '' });
  expect(made.output).toMatch(/The backup is in .*backup: \d+ resources, \d+ records .* and \d+ objects/);
  expect(acknowledged.length, 'events that came meanwhile').toBeGreaterThan(before.length);
  running = false;
  await stream;
  const facts = { resources: await resourcesOf(server.url), answer: await answerOf(server.url, campaignArn) };
  lost = { ...facts, campaignArn, solutionArn, trackingId, acknowledged: before };
  await server.kill('SIGKILL');
  await rm(home, { recursive: true });
});

afterAll(async () => {
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** All is there and works: answers, events, trainings. */
async function expectEverything(server: ServerProcess, round: string): Promise<void> {
  expect(await resourcesOf(server.url)).toEqual(lost.resources);
  expect(await answerOf(server.url, lost.campaignArn)).toEqual(lost.answer);
  expect(await storedEvents(server.url)).toEqual(expect.arrayContaining([...lost.acknowledged]));
  await eventsClient(server.url).putEvents(putOf(lost.trackingId, `after-${round}`));
  const create = steps(clients(server.url));
  expect(await create.version(await create.startVersion(lost.solutionArn))).toMatchObject({ status: 'ACTIVE' });
  expect(await storedEvents(server.url)).toContain(`after-${round}`);
}

test('a backup of a server that works brings all of it back after its home is lost', async () => {
  const home = join(folder, 'restored');
  expect(await run('restore', backup, '--home', home)).toMatchObject({ code: 0, errors: '' });
  await using server = await start(home);
  await expectEverything(server, 'restored');
});

test('a backup goes from one database into the other and back', async (context) => {
  if (!postgres) return context.skip();
  const [first, second] = [join(folder, 'postgres'), join(folder, 'sqlite-again')];
  const database = ['--database', await postgres.freshDatabase()];
  expect(await run('restore', backup, '--home', first, ...database)).toMatchObject({ code: 0, errors: '' });
  const copy = join(folder, 'backup-of-postgres');
  await using server = await start(first, ...database);
  await expectEverything(server, 'postgres');
  expect(await run('backup', copy, '--home', first, ...database)).toMatchObject({ code: 0, errors: '' });
  expect(await run('restore', copy, '--home', second)).toMatchObject({ code: 0, errors: '' });
  await using again = await start(second);
  await expectEverything(again, 'sqlite');
  expect(await storedEvents(again.url)).toContain('after-postgres');
});

test('a restore that is killed leaves what no server starts on and the next restore completes', async () => {
  const home = join(folder, 'killed');
  const program = runOpenPersonalize(['restore', backup, '--home', home]);
  const closed = once(program.process, 'close');
  const isMarked = () => existsSync(join(home, 'store', 'openpersonalize.json'));
  while (!isMarked() && program.process.exitCode === null) await sleep(1);
  program.process.kill('SIGKILL');
  await closed;
  expect(isMarked(), program.errors()).toBe(true);
  const mark = await readFile(join(home, 'store', 'openpersonalize.json'), 'utf8');
  if (mark.includes('restoring')) {
    const started = runOpenPersonalize(['start', '--home', home, '--port', '0']);
    const ended = once(started.process, 'close');
    await Promise.race([ended, once(started.process.stdout, 'data')]);
    started.process.kill('SIGTERM');
    const [exitCode] = await ended;
    // A server that starts all the same has found a database that was committed right before the kill.
    if (exitCode !== 0) expect(started.errors()).toContain('"openpersonalize restore" goes on with it');
    expect(await run('restore', backup, '--home', home)).toMatchObject({ code: 0, errors: '' });
  }
  await using server = await start(home);
  expect(await answerOf(server.url, lost.campaignArn)).toEqual(lost.answer);
});

test('a damaged backup is refused with the name of the file, and nothing is made', async () => {
  const entries = await readdir(backup, { recursive: true, withFileTypes: true });
  const files = entries.flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : []));
  expect(files.length).toBeGreaterThan(5);
  const home = join(folder, 'never');
  for (const path of files) {
    const whole = await readFile(path);
    await using file = await open(path, 'r+');
    await file.write(Buffer.from([(whole.at(-20) ?? 0) ^ 1]), 0, 1, whole.length - 20);
    const refused = await run('restore', backup, '--home', home);
    expect(refused).toMatchObject({ code: 1, output: '' });
    expect(refused.errors).toContain(`${path} is damaged`);
    await writeFile(path, whole);
  }
  const [first = ''] = files;
  const whole = await readFile(first);
  await rm(first);
  expect((await run('restore', backup, '--home', home)).errors).toContain(first);
  await writeFile(first, whole);
  expect(await readdir(folder)).not.toContain('never');
});

test('neither a backup nor a restore goes where something is', async () => {
  const home = join(folder, 'restored');
  const again = await run('backup', backup, '--home', home);
  expect(again).toMatchObject({ code: 1, output: '' });
  expect(again.errors).toMatch(/is there: a backup goes into a new or an empty place/);
  const before = await readdir(home, { recursive: true });
  const over = await run('restore', backup, '--home', home);
  expect(over).toMatchObject({ code: 1, output: '' });
  expect(over.errors).toMatch(/The store is not empty .*: a backup is restored into a new --home or --store/);
  const database = await run('restore', backup, '--home', home, '--store', join(folder, 'other-store'));
  expect(database.errors).toMatch(/The database is not new .*: a backup is restored into a new --home or --database/);
  expect(await readdir(home, { recursive: true })).toEqual(before);
  expect((await run('backup', join(folder, 'of-nothing'), '--home', join(folder, 'nothing'))).errors).toContain(
    'There is no database',
  );
});
