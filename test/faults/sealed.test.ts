import { once } from 'node:events';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KMS } from '@aws-sdk/client-kms';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createKey } from '../support/kms-keys.ts';
import { active, clients, eventsClient, settled, steps } from '../support/personalize.ts';
import { filesWith, watchFor } from '../support/plain-text.ts';
import { runOpenPersonalize, type ServerProcess, startServerProcess } from '../support/server.ts';
import { putObject, schemas, twoTastes, twoTastesItems } from '../support/two-tastes.ts';

// Nothing that a dataset group with a key holds may lie anywhere in the home as it is. The planted texts come into it
// by every way that there is.
const planted = ['planted-user', 'planted-session', 'planted-item', 'Planted genre', 'planted-bad-row'];

const roleArn = 'arn:aws:iam::000000000000:role/keys';

let folder: string;
let home: string;
let server: ServerProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openpersonalize-sealed-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  home = await mkdtemp(join(folder, 'home-'));
});
afterEach(async () => {
  await server?.stop();
});

async function start() {
  server = await startServerProcess({ home, options: ['--bad-rows', '0.05'] });
  return { ...clients(server.url), events: eventsClient(server.url) };
}

/** A server whose home has a key. */
async function startWithKey() {
  await start();
  await server.stop();
  const kmsKeyArn = await createKey(home);
  return { kmsKeyArn, api: await start() };
}

/** Interactions of the planted user, and a row that is refused. */
const interactions = () => {
  const rows = Array.from({ length: 20 }, (_, n) => `planted-user,a${n},watch,${1_700_000_000 + n}`);
  return `${twoTastes()}${rows.join('\n')}\nplanted-user,planted-item,watch,planted-bad-row\n`;
};

/** From nothing to recommendations: by an import with a bad row, and single records of all sorts. */
async function fillGroup(
  api: Awaited<ReturnType<typeof start>>,
  kmsKeyArn?: string,
  recipe = 'aws-user-personalization',
) {
  const create = steps(api);
  const { datasetGroupArn = '' } = await api.personalize.createDatasetGroup({
    name: 'films',
    ...(kmsKeyArn && { kmsKeyArn, roleArn }),
  });
  const datasetArn = await create.dataset(datasetGroupArn, 'Interactions', 'interactions', schemas.interactions);
  const itemsArn = await create.dataset(datasetGroupArn, 'Items', 'items', schemas.items);
  const location = await putObject(server.buckets, 'data', 'interactions.csv', interactions());
  const imported = await create.importJob(await create.startImport(datasetArn, 'first', location));
  expect(imported?.status, imported?.failureReason).toBe('ACTIVE');
  const items = await putObject(server.buckets, 'data', 'items.csv', `${twoTastesItems()}planted-item,Planted genre\n`);
  const others = await create.importJob(await create.startImport(itemsArn, 'items', items));
  expect(others?.status, others?.failureReason).toBe('ACTIVE');
  const { trackingId = '' } = await api.personalize.createEventTracker({ name: 'tracker', datasetGroupArn });
  await api.events.putEvents({
    trackingId,
    userId: 'planted-user',
    sessionId: 'planted-session',
    eventList: [{ eventType: 'watch', itemId: 'planted-item', sentAt: new Date() }],
  });
  await api.events.putItems({
    datasetArn: itemsArn,
    items: [{ itemId: 'planted-item-2', properties: JSON.stringify({ genre: 'Planted genre' }) }],
  });
  const solutionArn = await create.solution(datasetGroupArn, 'personal', recipe);
  return { create, datasetGroupArn, datasetArn, solutionArn, trackingId };
}

test('nothing of a group with a key lies in the home as it is, from its import to its deletion', async () => {
  const { api, kmsKeyArn } = await startWithKey();
  const watch = watchFor(home, planted);
  const { create, datasetGroupArn, solutionArn, trackingId } = await fillGroup(api, kmsKeyArn);
  const { datasetGroup } = await api.personalize.describeDatasetGroup({ datasetGroupArn });
  expect(datasetGroup?.kmsKeyArn).toBe(kmsKeyArn);
  const version = await create.version(await create.startVersion(solutionArn));
  expect(version?.status, version?.failureReason).toBe('ACTIVE');
  const campaignArn = await create.campaign('films', version?.solutionVersionArn ?? '');
  const ask = () => api.runtime.getRecommendations({ campaignArn, userId: 'planted-user' });
  const { recommendationId, itemList = [] } = await ask();
  expect(itemList).toHaveLength(25);
  await api.events.putEvents({
    trackingId,
    userId: 'planted-user',
    sessionId: 'planted-session',
    eventList: [{ eventType: 'watch', itemId: itemList[0]?.itemId, sentAt: new Date(), recommendationId }],
  });
  expect((await ask()).itemList).toHaveLength(25);
  // Killed in the middle of a training.
  await create.startVersion(solutionArn);
  await expect.poll(() => server.children()).not.toEqual([]);
  await server.kill('SIGKILL');
  const { found, looks } = await watch.end();
  expect(found).toEqual([]);
  expect(looks).toBeGreaterThan(3);
  expect(await filesWith(home, planted)).toEqual([]);

  const again = await start();
  expect((await again.runtime.getRecommendations({ campaignArn, userId: 'planted-user' })).itemList).toHaveLength(25);
  expect(await filesWith(home, planted)).toEqual([]);
});

test('nor does anything of a user while a job deletes it, and afterwards the group knows it no more', async () => {
  const { api, kmsKeyArn } = await startWithKey();
  const { create, datasetGroupArn, datasetArn, solutionArn } = await fillGroup(api, kmsKeyArn);
  const version = await create.version(await create.startVersion(solutionArn));
  expect(version?.status, version?.failureReason).toBe('ACTIVE');
  const itemExplorationConfig = { explorationWeight: '0' };
  const campaignArn = await create.campaign('films', version?.solutionVersionArn ?? '', { itemExplorationConfig });
  const ask = async (userId: string) => (await api.runtime.getRecommendations({ campaignArn, userId })).itemList;
  const [other, unknown] = [await ask('ua1'), await ask('somebody new')];
  expect(await ask('planted-user')).not.toEqual(unknown);
  const dataLocation = await putObject(server.buckets, 'data', 'list.csv', 'USER_ID\nplanted-user\n');
  const watch = watchFor(home, ['planted-user']);
  const { dataDeletionJobArn } = await api.personalize.createDataDeletionJob({
    ...{ jobName: 'forget', datasetGroupArn, roleArn },
    dataSource: { dataLocation },
  });
  const deletion = await settled(
    async () => (await api.personalize.describeDataDeletionJob({ dataDeletionJobArn })).dataDeletionJob,
  );
  expect(deletion?.status, deletion?.failureReason).toBe('COMPLETED');
  expect((await watch.end()).found).toEqual([]);
  expect(deletion?.numDeleted).toBe(21);
  expect(await ask('planted-user')).toEqual(unknown);
  expect(await ask('ua1')).toEqual(other);
  const { datasetExportJobArn } = await api.personalize.createDatasetExportJob({
    ...{ jobName: 'all', datasetArn, roleArn, ingestionMode: 'ALL' },
    jobOutput: { s3DataDestination: { path: 's3://data/out/' } },
  });
  await active(async () => (await api.personalize.describeDatasetExportJob({ datasetExportJobArn })).datasetExportJob);
  const files = await readdir(join(server.buckets, 'data/out'));
  const rows = await Promise.all(files.map((name) => readFile(join(server.buckets, 'data/out', name), 'utf8')));
  expect(rows.join('')).toContain('ua1,');
  expect(rows.join('')).not.toContain('planted-user');
});

test('nor does anything of its actions, and of what users did with them', async () => {
  const { api, kmsKeyArn } = await startWithKey();
  const watch = watchFor(home, [...planted, 'planted-action']);
  const { create, datasetGroupArn, solutionArn } = await fillGroup(api, kmsKeyArn, 'aws-next-best-action');
  const datasetOf = (type: string, record: string, fields: readonly object[]) => {
    const schema = {
      type: 'record',
      name: record,
      namespace: 'com.amazonaws.personalize.schema',
      fields,
      version: '1.0',
    };
    return create.dataset(datasetGroupArn, type, record, JSON.stringify(schema));
  };
  const texts = ['USER_ID', 'ACTION_ID', 'EVENT_TYPE'].map((name) => ({ name, type: 'string' }));
  const kind = { name: 'KIND', type: 'string', categorical: true };
  const actionsArn = await datasetOf('Actions', 'Actions', [{ name: 'ACTION_ID', type: 'string' }, kind]);
  const time = { name: 'TIMESTAMP', type: 'long' };
  const datasetArn = await datasetOf('Action_Interactions', 'ActionInteractions', [...texts, time]);
  const { trackingId = '' } = (await api.personalize.describeDataset({ datasetArn })).dataset ?? {};
  const putActions = (...ids: string[]) => {
    const properties = JSON.stringify({ kind: 'Planted genre' });
    return api.events.putActions({
      datasetArn: actionsArn,
      actions: ids.map((actionId) => ({ actionId, properties })),
    });
  };
  const put = (eventType: string, actionId: string) => {
    const event = { userId: 'planted-user', sessionId: 'planted-session', timestamp: new Date(), eventType, actionId };
    return api.events.putActionInteractions({ trackingId, actionInteractions: [event] });
  };
  await putActions('planted-action', 'planted-action-2');
  await put('Taken', 'planted-action');
  const version = await create.version(await create.startVersion(solutionArn));
  expect(version?.status, version?.failureReason).toBe('ACTIVE');
  const campaignArn = await create.campaign('actions', version?.solutionVersionArn ?? '');
  const expression = 'EXCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ("Taken")';
  const filter = { name: 'untaken', datasetGroupArn, filterExpression: expression };
  const { filterArn } = await api.personalize.createFilter(filter);
  const ask = async () => {
    const { actionList = [] } = await api.runtime.getActionRecommendations({
      ...{ campaignArn, filterArn, userId: 'planted-user', numResults: 100 },
    });
    return actionList.map(({ actionId }) => actionId);
  };
  expect(await ask()).toEqual(['planted-action-2']);
  await put('Taken', 'planted-action-2');
  await putActions('planted-action-3');
  expect(await ask()).toEqual(['planted-action-3']);
  await server.kill('SIGKILL');
  const { found } = await watch.end();
  expect(found).toEqual([]);
  expect(await filesWith(home, ['planted-action'])).toEqual([]);
});

test('the same is found all over the home of a group without a key', async () => {
  const watch = watchFor(home, planted);
  const { create, solutionArn } = await fillGroup(await start());
  await create.version(await create.startVersion(solutionArn));
  const found = new Set((await watch.end()).found.map((name) => name.split('/')[0]));
  expect([...found]).toEqual(expect.arrayContaining(['store', 'work']));
  expect((await filesWith(home, planted)).some((name) => name.startsWith('openpersonalize.db'))).toBe(true);
});

/** A campaign of a group with a key. */
async function startWithCampaign() {
  const { api, kmsKeyArn } = await startWithKey();
  const filled = await fillGroup(api, kmsKeyArn, 'aws-popularity-count');
  const version = await filled.create.version(await filled.create.startVersion(filled.solutionArn));
  expect(version?.status, version?.failureReason).toBe('ACTIVE');
  const campaignArn = await filled.create.campaign('films', version?.solutionVersionArn ?? '');
  return { ...filled, api, kmsKeyArn, campaignArn };
}

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'none',
    (error: Error) => `${error.name}: ${error.message}`,
  );

test('a key that is disabled ends the use of all that it seals, and names itself', async () => {
  const { api, create, kmsKeyArn, campaignArn, solutionArn, datasetArn, trackingId } = await startWithCampaign();
  const ask = () => api.runtime.getRecommendations({ campaignArn, userId: 'planted-user' });
  const event = { eventType: 'watch', itemId: 'a1', sentAt: new Date() };
  const put = () => api.events.putEvents({ trackingId, userId: 'u', sessionId: 's', eventList: [event] });
  expect((await ask()).itemList).toHaveLength(25);
  const kms = new KMS({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  await kms.disableKey({ KeyId: kmsKeyArn });
  await expect.poll(() => refusal(ask()), { timeout: 120_000, interval: 1000 }).toContain(kmsKeyArn);
  expect(await refusal(ask())).toMatch(/^InvalidInputException: .*disabled/);
  expect(await refusal(put())).toMatch(/^InvalidInputException: .*disabled/);
  const job = await create.importJob(await create.startImport(datasetArn, 'second', 's3://data/interactions.csv'));
  expect(`${job?.status} ${job?.failureReason}`).toMatch(/^CREATE FAILED .*disabled/);
  const version = await create.version(await create.startVersion(solutionArn));
  expect(`${version?.status} ${version?.failureReason}`).toMatch(/^CREATE FAILED .*disabled/);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).not.toContain(campaignArn);
  await kms.enableKey({ KeyId: kmsKeyArn });
  expect((await ask()).itemList).toHaveLength(25);
  await put();
});

test('a backup of a group with a key answers where the key file is, and the doctor finds what was altered', async () => {
  const { api, campaignArn } = await startWithCampaign();
  const answer = (await api.runtime.getRecommendations({ campaignArn, userId: 'ua1' })).itemList;
  await server.stop();
  const [backup, restored] = [join(folder, 'backup'), join(folder, 'restored')];
  expect(await run('doctor', '--home', home)).toContain('as they were written');
  await run('backup', backup, '--home', home);
  expect(await filesWith(backup, planted)).toEqual([]);
  await run('restore', backup, '--home', restored);
  await copyFile(join(home, 'openpersonalize.key'), join(restored, 'openpersonalize.key'));
  home = restored;
  const again = await start();
  expect((await again.runtime.getRecommendations({ campaignArn, userId: 'ua1' })).itemList).toEqual(answer);
  await server.stop();

  const objects = (await readdir(join(home, 'store'), { recursive: true })).filter((name) =>
    /sealed-[^/]*\//.test(name),
  );
  const parts = ['part-00000.parquet', 'model.json', 'tensors.safetensors', 'items.parquet'];
  for (const part of parts) {
    const path = join(home, 'store', objects.find((name) => name.endsWith(part)) ?? part);
    const content = await readFile(path);
    const altered = Buffer.from(content);
    altered[content.length >> 1] = (altered[content.length >> 1] ?? 0) ^ 1;
    await writeFile(path, altered);
    expect(await run('doctor', '--home', home), part).toMatch(/damaged/);
    await writeFile(path, content);
  }
  // A model's file in place of another's, with its own correct checksum.
  const [tensors = '', description = ''] = ['tensors.safetensors', 'model.json'].map(
    (part) => objects.find((name) => name.endsWith(part)) ?? '',
  );
  await copyFile(join(home, 'store', tensors), join(home, 'store', description));
  const swapped = await start();
  expect(await refusal(swapped.runtime.getRecommendations({ campaignArn, userId: 'ua1' }))).toMatch(
    /model\.json is damaged/,
  );
});

/** What the program says. */
async function run(...parameters: string[]): Promise<string> {
  const program = runOpenPersonalize(parameters);
  await once(program.process, 'close');
  return program.output() + program.errors();
}
