import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tracesOf } from '../../src/control/deletion/traces.fixture.ts';
import { openDatabase } from '../../src/data/database/database.ts';
import { clients, eventsClient, settled, steps } from '../support/personalize.ts';
import { startPostgres } from '../support/postgres.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';
import { avro, putObject, schemas, twoTastes } from '../support/two-tastes.ts';

// A server with models, live events and a log of exploration deletes users, and is killed at moments that a seed
// decides: KILL_SEED=7 tries others. Then every byte of its home is searched.
const seed = Number(process.env.KILL_SEED ?? 1);
const roleArn = 'arn:aws:iam::000000000000:role/PersonalizeRole';

let folder: string;
let home: string;
let server: ServerProcess;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openpersonalize-deletion-'));
  home = join(folder, 'home');
});
afterEach(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function start() {
  server = await startServerProcess({ home, options: ['--buckets', join(folder, 'buckets'), '--propensities'] });
  return { ...clients(server.url), events: eventsClient(server.url) };
}

/** No id of a user is a part of another. */
const users = Array.from({ length: 120 }, (_, n) => `user-${n % 2 === 0 ? 'a' : 'b'}-${n >> 1}-x`);
const forgotten = users.filter((_, n) => n % 7 === 0);
const others = users.filter((_, n) => n % 7 !== 0);
const named = (csv: string) => csv.replaceAll(/^u([ab])(\d+),/gm, 'user-$1-$2-x,');

async function shop() {
  const { personalize, runtime, events } = await start();
  const create = steps({ personalize });
  const group = await create.datasetGroup('films');
  const interactions = await create.dataset(group, 'Interactions', 'interactions', schemas.interactions);
  const userSchema = avro('Users', [
    { name: 'USER_ID', type: 'string' },
    { name: 'TIER', type: ['null', 'string'], categorical: true },
  ]);
  const usersArn = await create.dataset(group, 'Users', 'users', userSchema);
  // A new item, which is explored.
  const items = await create.dataset(group, 'Items', 'items', schemas.items);
  await events.putItems({ datasetArn: items, items: [{ itemId: 'brand-new', properties: '{"genre":"Comedy"}' }] });
  const buckets = join(folder, 'buckets');
  const rows = await putObject(buckets, 'films', 'rows.csv', named(twoTastes()));
  const tiers = users.map((user, n) => `${user},${n % 3 === 0 ? 'gold' : 'child'}`);
  const said = await putObject(buckets, 'films', 'users.csv', `USER_ID,TIER\n${tiers.join('\n')}\n`);
  const bad = await putObject(
    buckets,
    'films',
    'bad.csv',
    `${named(twoTastes()).slice(0, 300)}\n${forgotten[0]},a1,watch,${forgotten[1]}\n`,
  );
  await putObject(buckets, 'films', 'forget.csv', `USER_ID\n${forgotten.join('\n')}\nwho-never-came\n`);
  expect((await create.importJob(await create.startImport(interactions, 'rows', rows)))?.status).toBe('ACTIVE');
  expect((await create.importJob(await create.startImport(usersArn, 'users', said)))?.status).toBe('ACTIVE');
  const failed = await create.importJob(await create.startImport(interactions, 'bad', bad, 'INCREMENTAL'));
  expect(failed?.failureReason).toContain(forgotten[1]);
  const { trackingId } = await personalize.createEventTracker({ name: 'web', datasetGroupArn: group });
  const solution = await create.solution(group, 'plain', 'aws-user-personalization');
  const version = await create.version(await create.startVersion(solution));
  expect(version?.status, version?.failureReason).toBe('ACTIVE');
  const versionArn = version?.solutionVersionArn ?? '';
  const plain = await create.campaign('plain', versionArn, { itemExplorationConfig: { explorationWeight: '0' } });
  const exploring = await create.campaign('exploring', versionArn, {
    itemExplorationConfig: { explorationWeight: '1' },
  });
  const put = (userId: string | undefined, sessionId: string, itemId: string) =>
    events.putEvents({
      ...{ trackingId, userId, sessionId },
      eventList: [{ eventType: 'watch', sentAt: new Date(), itemId }],
    });
  for (const userId of [...forgotten.slice(0, 5), ...others.slice(0, 5)]) {
    await put(undefined, `visit of ${userId}`, 'a1');
    await put(userId, `visit of ${userId}`, 'brand-new');
    await runtime.getRecommendations({ campaignArn: exploring, userId });
  }
  return { group, plain, exploring, solution, create };
}

const answersOf = async (campaignArn: string, userIds: readonly string[], url = server.url) => {
  const { runtime } = clients(url);
  const answers = userIds.map(async (userId) => (await runtime.getRecommendations({ campaignArn, userId })).itemList);
  return await Promise.all(answers);
};

/** The log of exploration. */
async function loggedChoices(): Promise<string> {
  const path = join(home, 'propensities');
  const names = await readdir(path).catch(() => []);
  return (await Promise.all(names.map((name) => readFile(join(path, name), 'utf8')))).join('');
}

async function describeDeletion(dataDeletionJobArn: string | undefined) {
  const { personalize } = clients(server.url);
  return (await personalize.describeDataDeletionJob({ dataDeletionJobArn })).dataDeletionJob;
}

// A job has three attempts.
test.each([
  { kills: 0, round: 0 },
  { kills: 2, round: 1 },
  { kills: 2, round: 2 },
])('users leave no trace in a home, after $kills kills ($round)', async ({ kills, round }) => {
  const { group, plain, exploring, solution, create } = await shop();
  const before = await answersOf(plain, others);
  const [unknown] = await answersOf(plain, ['somebody new']);
  const [personal] = await answersOf(plain, [forgotten[0] ?? '']);
  expect(personal).not.toEqual(unknown);
  // It takes a while until the new item is explored.
  const explored = async () => {
    await answersOf(exploring, forgotten.slice(0, 1));
    return await loggedChoices();
  };
  await expect.poll(explored).toContain(forgotten[0]);
  // It has taken its data when the job begins, and must not bring anybody back.
  const training = await create.startVersion(solution);
  const { personalize } = clients(server.url);
  const { dataDeletionJobArn } = await personalize.createDataDeletionJob({
    ...{ jobName: 'forget', datasetGroupArn: group, roleArn },
    dataSource: { dataLocation: 's3://films/forget.csv' },
  });
  for (let kill = 0; kill < kills; kill++) {
    await sleep((seed * 7919 + round * 31_337 + kill * 104_729) % 1500);
    await server.kill('SIGKILL');
    await start();
  }
  if (kills === 0) {
    await expect.poll(async () => (await describeDeletion(dataDeletionJobArn))?.status).not.toBe('PENDING');
    expect(await answersOf(plain, forgotten)).toEqual(forgotten.map(() => unknown));
  }
  const deletion = await settled(() => describeDeletion(dataDeletionJobArn));
  expect(deletion?.status, `${deletion?.failureReason} ${server.log()}`).toBe('COMPLETED');
  // 20 interactions of each, a row of Users, and two events of five of them
  expect(deletion?.numDeleted).toBe(forgotten.length * 21 + 10);
  expect(await answersOf(plain, others)).toEqual(before);
  expect(await answersOf(plain, forgotten)).toEqual(forgotten.map(() => unknown));
  const version = await steps(clients(server.url)).version(training);
  expect(version?.status, version?.failureReason).toBe('ACTIVE');

  // Nothing but the stop itself comes between the job and the search.
  await server.kill('SIGKILL');
  const { database, close } = await openDatabase({ file: join(home, 'openpersonalize.db') });
  try {
    for (const id of [...forgotten, 'who-never-came']) expect(await tracesOf(home, database, id), id).toEqual([]);
    expect(await tracesOf(home, database, others[0] ?? '')).not.toEqual([]);
  } finally {
    await close();
  }
});

test('a batch job that was created before is waited for, and leaves no copy', async () => {
  const { group, solution } = await shop();
  const { personalize } = clients(server.url);
  const { solutionVersions } = await personalize.listSolutionVersions({ solutionArn: solution });
  const lines = Array.from({ length: 20_000 }, (_, n) => JSON.stringify({ userId: users[n % users.length] }));
  await putObject(join(folder, 'buckets'), 'films', 'lines/all.json', `${lines.join('\n')}\n`);
  const { batchInferenceJobArn } = await personalize.createBatchInferenceJob({
    ...{ jobName: 'batch', solutionVersionArn: solutionVersions?.[0]?.solutionVersionArn, roleArn },
    jobInput: { s3DataSource: { path: 's3://films/lines/' } },
    jobOutput: { s3DataDestination: { path: 's3://films/out/' } },
  });
  const { dataDeletionJobArn } = await personalize.createDataDeletionJob({
    ...{ jobName: 'forget', datasetGroupArn: group, roleArn },
    dataSource: { dataLocation: 's3://films/forget.csv' },
  });
  const deletion = await settled(() => describeDeletion(dataDeletionJobArn));
  expect(deletion?.status, `${deletion?.failureReason} ${server.log()}`).toBe('COMPLETED');
  const batch = (await personalize.describeBatchInferenceJob({ batchInferenceJobArn })).batchInferenceJob;
  expect(batch?.status, batch?.failureReason).toBe('ACTIVE');
  await server.kill('SIGKILL');
  const { database, close } = await openDatabase({ file: join(home, 'openpersonalize.db') });
  try {
    for (const id of forgotten.slice(0, 6)) expect(await tracesOf(home, database, id), id).toEqual([]);
  } finally {
    await close();
  }
});

test('nodes on one PostgreSQL hide users and forget them, and no row of the database has them', async (context) => {
  const postgres = await startPostgres();
  if (!postgres) return context.skip("PostgreSQL's programs are missing");
  await using opened = new AsyncDisposableStack();
  opened.defer(() => postgres.stop());
  const url = await postgres.freshDatabase();
  const shared = ['--database', url, '--store', join(folder, 'store'), '--buckets', join(folder, 'buckets')];
  const other = opened.use(await startServerProcess({ options: shared }));
  server = opened.use(await startServerProcess({ home, options: shared }));
  const { personalize } = clients(server.url);
  const create = steps({ personalize });
  const group = await create.datasetGroup('films');
  const interactions = await create.dataset(group, 'Interactions', 'interactions', schemas.interactions);
  const rows = await putObject(join(folder, 'buckets'), 'films', 'rows.csv', named(twoTastes()));
  expect((await create.importJob(await create.startImport(interactions, 'rows', rows)))?.status).toBe('ACTIVE');
  const solution = await create.solution(group, 'plain', 'aws-user-personalization');
  const version = await create.version(await create.startVersion(solution));
  expect(version?.status, version?.failureReason).toBe('ACTIVE');
  const itemExplorationConfig = { explorationWeight: '0' };
  const campaign = await create.campaign('plain', version?.solutionVersionArn ?? '', { itemExplorationConfig });
  const { trackingId } = await personalize.createEventTracker({ name: 'web', datasetGroupArn: group });
  const eventList = [{ eventType: 'watch', sentAt: new Date(), itemId: 'a1' }];
  for (const userId of ['user-of-events', ...forgotten.slice(0, 3)]) {
    await eventsClient(other.url).putEvents({ trackingId, userId, sessionId: `visit of ${userId}`, eventList });
  }
  const [unknown] = await answersOf(campaign, ['somebody new']);
  const nodes = [server.url, other.url];
  const all = [...forgotten, 'user-of-events'];
  // Each node sees the events of the other a moment later.
  for (const node of nodes) await expect.poll(() => answersOf(campaign, all, node)).not.toContainEqual(unknown);
  const before = await answersOf(campaign, others);
  await putObject(join(folder, 'buckets'), 'films', 'forget.csv', `USER_ID\n${all.join('\n')}\n`);
  const { dataDeletionJobArn } = await personalize.createDataDeletionJob({
    ...{ jobName: 'forget', datasetGroupArn: group, roleArn },
    dataSource: { dataLocation: 's3://films/forget.csv' },
  });
  await expect.poll(async () => (await describeDeletion(dataDeletionJobArn))?.status).not.toBe('PENDING');
  const nobody = all.map(() => unknown);
  for (const node of nodes) expect(await answersOf(campaign, all, node)).toEqual(nobody);
  const deletion = await settled(() => describeDeletion(dataDeletionJobArn));
  expect(deletion?.status, `${deletion?.failureReason} ${server.log()}`).toBe('COMPLETED');
  expect(deletion?.numDeleted).toBe(forgotten.length * 20 + 4);
  const { database, close } = await openDatabase({ url });
  try {
    for (const id of all) {
      expect(await tracesOf(folder, database, id, ['buckets/']), id).toEqual([]);
    }
  } finally {
    await close();
  }
  // Each has looked again by the time that the other sees the events of those who come back.
  for (const node of nodes) expect(await answersOf(campaign, all, node)).toEqual(nobody);
  for (const node of nodes) expect(await answersOf(campaign, others, node)).toEqual(before);
  await eventsClient(server.url).putEvents({ trackingId, userId: all[0], sessionId: 'another visit', eventList });
  for (const node of nodes) {
    await expect.poll(async () => await answersOf(campaign, all.slice(0, 1), node)).not.toEqual([unknown]);
  }
});
