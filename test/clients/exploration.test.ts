import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { active, clients, eventsClient, steps } from '../support/personalize.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';
import { putObject, schemas, twoTastes, twoTastesItems } from '../support/two-tastes.ts';

let home: string;
let server: ServerProcess;
let campaigns: { v1: string; never: string; v2: string };
let itemsArn: string;
let trackingId: string;

const options = ['--propensities'];
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'openpersonalize-exploration-'));
  server = await startServerProcess({ home, options });
  const { personalize } = clients(server.url);
  const create = steps({ personalize });
  const group = await create.datasetGroup('films');
  const interactions = await create.dataset(group, 'Interactions', 'interactions', schemas.interactions);
  itemsArn = await create.dataset(group, 'Items', 'items', schemas.items);
  const bring = async (dataset: string, name: string, content: string) => {
    const location = await putObject(server.buckets, 'films', `${name}.csv`, content);
    expect((await create.importJob(await create.startImport(dataset, name, location)))?.status).toBe('ACTIVE');
  };
  await bring(interactions, 'interactions', twoTastes({ usersATaste: 100 }));
  await bring(itemsArn, 'items', twoTastesItems());
  const tracker = await personalize.createEventTracker({ name: 'clicks', datasetGroupArn: group });
  const { eventTrackerArn, trackingId: id = '' } = tracker;
  await active(async () => (await personalize.describeEventTracker({ eventTrackerArn })).eventTracker);
  trackingId = id;

  const versionOf = async (name: string, recipe: string) => {
    const version = await create.startVersion(await create.solution(group, name, recipe));
    expect((await create.version(version))?.status).toBe('ACTIVE');
    return version;
  };
  const campaign = async (name: string, solutionVersionArn: string, itemExplorationConfig?: Record<string, string>) => {
    const campaignConfig = itemExplorationConfig && { itemExplorationConfig };
    const { campaignArn = '' } = await personalize.createCampaign({ name, solutionVersionArn, campaignConfig });
    await active(async () => (await personalize.describeCampaign({ campaignArn })).campaign);
    return campaignArn;
  };
  const v1 = await versionOf('v1', 'aws-user-personalization');
  campaigns = {
    v1: await campaign('always', v1, { explorationWeight: '1' }),
    never: await campaign('never', v1, { explorationWeight: '0' }),
    v2: await campaign('v2', await versionOf('v2', 'aws-user-personalization-v2')),
  };
}, 300_000);

afterAll(async () => {
  await server?.stop();
  await rm(home, { recursive: true, force: true });
});

const ask = async (campaignArn: string, userId: string, numResults = 10) =>
  await clients(server.url).runtime.getRecommendations({ campaignArn, userId, numResults });

/** Answers to users one after another: the ids of each list. */
async function lists(campaignArn: string, count: number, numResults?: number): Promise<string[][]> {
  const answers = [];
  for (let n = 0; n < count; n++) {
    const { itemList = [] } = await ask(campaignArn, `ua${n % 50}`, numResults);
    answers.push(itemList.map(({ itemId = '' }) => itemId));
  }
  return answers;
}

const shareWith = (id: string, answers: string[][]) =>
  answers.filter((items) => items.includes(id)).length / answers.length;

const putItem = (itemId: string, genre: string) =>
  eventsClient(server.url).putItems({
    datasetArn: itemsArn,
    items: [{ itemId, properties: JSON.stringify({ genre }) }],
  });

/** Waits until answers are explored, which begins a moment after a campaign is first asked. */
async function explored(id: string): Promise<void> {
  for (let tries = 0; shareWith(id, await lists(campaigns.v1, 10)) === 0; tries++) {
    expect(tries).toBeLessThan(200);
    await sleep(50);
  }
}

const sentAt = () => new Date();

test('a new item is recommended at once where exploration has a weight, and never without', async () => {
  await putItem('fresh', 'Comedy');
  await explored('fresh');
  await lists(campaigns.v2, 1);
  await putItem('fresher', 'Comedy');
  expect(shareWith('fresher', await lists(campaigns.v1, 8))).toBeGreaterThan(0);
  const plain = await lists(campaigns.never, 30);
  expect(plain.flat().filter((id) => id.startsWith('fresh'))).toEqual([]);
  expect(await lists(campaigns.never, 30)).toEqual(plain);
}, 60_000);

test('v2 says which items exploration brought, v1 does not', async () => {
  const reasons = new Map<string, string[]>();
  for (let n = 0; n < 400 && !reasons.has('fresh'); n++) {
    const { itemList = [] } = await ask(campaigns.v2, `ua${n % 50}`, 80);
    for (const { itemId = '', reason } of itemList) if (reason) reasons.set(itemId, reason);
  }
  expect(reasons.get('fresh')).toEqual(['Exploration']);
  expect([...new Set([...reasons.values()].flat())]).toEqual(['Exploration']);
  const { itemList = [] } = await ask(campaigns.v1, 'ua1', 25);
  expect(itemList.filter(({ reason }) => reason !== undefined)).toEqual([]);
  expect(itemList.filter(({ score }) => score === undefined)).toEqual([]);
}, 60_000);

test('what users do with the lists decides over what is explored, also after a restart', async () => {
  await putItem('good', 'Comedy');
  await putItem('bad', 'Comedy');
  const before = await lists(campaigns.v1, 40);
  expect(shareWith('good', before)).toBeGreaterThan(0.1);
  expect(shareWith('bad', before)).toBeGreaterThan(0.1);
  const client = eventsClient(server.url);
  // Explicit impressions, in which somebody prefers another item to the bad one …
  for (let call = 0; call < 6; call++) {
    const eventList = Array.from({ length: 10 }, (_, n) => ({
      ...{ eventType: 'watch', itemId: 'a0', sentAt: sentAt(), eventId: `${call} ${n}` },
      impression: ['bad', 'a0', 'a1', 'a2'],
    }));
    await client.putEvents({ trackingId, sessionId: 's', userId: `ub${call}`, eventList });
  }
  // … and implicit ones: whoever is shown the good one takes it.
  let taken = 0;
  for (let n = 0; n < 200 && taken < 20; n++) {
    const { itemList = [], recommendationId } = await ask(campaigns.v1, `ub${n % 50}`);
    if (!itemList.some(({ itemId }) => itemId === 'good')) continue;
    taken++;
    const event = { eventType: 'watch', itemId: 'good', sentAt: sentAt(), recommendationId };
    await client.putEvents({ trackingId, sessionId: 's', userId: `ub${n % 50}`, eventList: [event] });
  }
  expect(taken).toBe(20);
  const unknown = { eventType: 'watch', itemId: 'a0', sentAt: sentAt(), recommendationId: 'RID-unknown' };
  await client.putEvents({ trackingId, sessionId: 's', eventList: [unknown] });

  const heeded = async () => {
    const after = await lists(campaigns.v1, 40);
    expect(shareWith('good', after)).toBeGreaterThan(0.9);
    expect(shareWith('bad', after)).toBeLessThan(0.05);
  };
  await heeded();
  await server.stop();
  server = await startServerProcess({ home, options });
  await explored('good');
  await heeded();
}, 120_000);

test('decisions are written down with their probabilities', async () => {
  const { recommendationId, itemList = [] } = await ask(campaigns.v1, 'ua7', 5);
  await server.stop();
  const folder = join(home, 'propensities');
  const lines: { readonly recommendationId: string; readonly itemId: string; readonly probability: number }[] = [];
  for (const file of await readdir(folder)) {
    const text = await readFile(join(folder, file), 'utf8');
    lines.push(
      ...text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
  }
  const own = lines.filter((line) => line.recommendationId === recommendationId);
  expect(own.map(({ itemId }) => itemId)).toEqual(itemList.map(({ itemId }) => itemId));
  expect(own[0]).toMatchObject({ campaignArn: campaigns.v1, userId: 'ua7', rate: 1, place: 0 });
  for (const { probability } of lines) {
    expect(probability).toBeGreaterThan(0);
    expect(probability).toBeLessThanOrEqual(1);
  }
}, 60_000);
