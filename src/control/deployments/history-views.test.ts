import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { arnFor, type Bench, openBench, steps } from '../control.fixture.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

const schema = JSON.stringify({
  type: 'record',
  name: 'Interactions',
  namespace: 'com.amazonaws.personalize.schema',
  fields: [
    ...['USER_ID', 'ITEM_ID', 'EVENT_TYPE'].map((name) => ({ name, type: 'string' })),
    ...[
      { name: 'TIMESTAMP', type: 'long' },
      { name: 'EVENT_VALUE', type: ['null', 'float'] },
      { name: 'DEVICE', type: ['null', 'string'], categorical: true },
      { name: 'NOTE', type: ['null', 'string'] },
    ],
  ],
  version: '1.0',
});

/** A dataset group with imported interactions and a tracker. */
async function tracked() {
  const step = steps(bench);
  const group = await step.group();
  const dataset = await step.dataset(group, await step.schema('interactions', schema));
  const { trackingId = '', eventTrackerArn = '' } = await bench.call('CreateEventTracker', {
    name: 'web',
    datasetGroupArn: group,
  });
  await bench.settled(eventTrackerArn);
  let sentAt = 1_700_000_000;
  const put = (itemId: string | undefined, event: object = {}, call: object = { userId: 'u1', sessionId: 's1' }) =>
    bench.call('PutEvents', {
      trackingId,
      sessionId: 's1',
      ...call,
      eventList: [{ eventType: 'watch', sentAt: sentAt++, itemId, ...event }],
    });
  return { group, dataset, put };
}

async function deployed(group: string, name: string, recipe = 'aws-user-personalization', solutionConfig = {}) {
  const step = steps(bench);
  const settings = { recipeArn: `arn:aws:personalize:::recipe/${recipe}`, performAutoTraining: false, solutionConfig };
  await bench.call('CreateSolution', { name, datasetGroupArn: group, ...settings });
  await bench.settled(arnFor(`solution/${name}`));
  return await step.campaign(await step.version(arnFor(`solution/${name}`)), name);
}

/** Whom the model was asked for, and the items of the events that it was given. */
async function asked(campaignArn: string, userId = 'u1', on = bench) {
  await on.call('GetRecommendations', { campaignArn, userId, itemId: 'i' });
  return on.asked.at(-1) as { userId: string; recent?: { items: string[]; columns: Map<string, string[]> } };
}
const itemsAsked = async (campaignArn: string, userId?: string) => (await asked(campaignArn, userId)).recent?.items;

it('tells the model of what a user has done since its training, from the acknowledgement on', async () => {
  const { group, put } = await tracked();
  await put('before');
  const campaignArn = await deployed(group, 'personal');
  expect(await itemsAsked(campaignArn)).toEqual([]);
  await put('b', { sentAt: 1_700_000_500, properties: '{"device":"tv","note":"long"}' });
  await put('a', { sentAt: 1_700_000_400, eventType: 'click' });
  const columns = new Map([
    ['EVENT_TYPE', ['click', 'watch']],
    ['DEVICE', ['', 'tv']],
  ]);
  expect(await asked(campaignArn)).toMatchObject({ recent: { items: ['a', 'b'], columns } });
  expect(await itemsAsked(campaignArn, 'somebody else')).toBeUndefined();
  await bench.call('GetPersonalizedRanking', {
    campaignArn: await deployed(group, 'ranking', 'aws-personalized-ranking'),
    userId: 'u1',
    inputList: ['x'],
  });
  expect(bench.asked.at(-1)).toMatchObject({ recent: { items: [] } });
  expect(await itemsAsked(campaignArn)).toEqual(['a', 'b']);
});

it('tells models of related and of popular items nothing', async () => {
  const { group, put } = await tracked();
  const campaigns = [await deployed(group, 'sims', 'aws-sims'), await deployed(group, 'most', 'aws-popularity-count')];
  await put('a');
  for (const campaign of campaigns) expect(await itemsAsked(campaign)).toBeUndefined();
});

it('answers a session from what it has done, and its user, once there is one, from both', async () => {
  const { group, put } = await tracked();
  const campaignArn = await deployed(group, 'personal');
  const anonymous = { sessionId: 's7', userId: undefined };
  await put('a', {}, anonymous);
  expect(await asked(campaignArn, 's7')).toMatchObject({ userId: 's7', recent: { items: ['a'] } });
  await steps(bench).version(arnFor('solution/personal'));
  await put('b', {}, { sessionId: 's7', userId: 'u7' });
  expect(await asked(campaignArn, 'u7')).toMatchObject({ userId: 'u7', recent: { items: ['a', 'b'] } });
  expect(await asked(campaignArn, 's7')).toMatchObject({ userId: 'u7', recent: { items: ['a', 'b'] } });
});

it('answers a user as herself, whatever session has her id', async () => {
  const { group, put } = await tracked();
  const campaignArn = await deployed(group, 'personal');
  await put('of another', {}, { sessionId: '14', userId: '50' });
  expect(await asked(campaignArn, '14')).toMatchObject({ userId: '50', recent: { items: ['of another'] } });
  bench.modelUsers.add('14');
  expect(await asked(campaignArn, '14')).toMatchObject({ userId: '14' });
  expect(await itemsAsked(campaignArn, '14')).toBeUndefined();
  bench.modelUsers.clear();
  await put('her own', {}, { sessionId: 'other', userId: '14' });
  expect(await asked(campaignArn, '14')).toMatchObject({ userId: '14', recent: { items: ['her own'] } });
  expect(await itemsAsked(campaignArn, '50')).toEqual(['of another']);
});

it('answers a user as herself whom only events before the training have named, and who trained no model', async () => {
  const { group, put } = await tracked();
  await put(undefined, { eventType: 'Identify' }, { sessionId: 's', userId: '14' });
  const campaignArn = await deployed(group, 'personal');
  await put('of another', {}, { sessionId: '14', userId: undefined });
  expect(await asked(campaignArn, '14')).toMatchObject({ userId: '14', recent: { items: [] } });
  await put('of another', {}, { sessionId: '15', userId: undefined });
  expect(await asked(campaignArn, '15')).toMatchObject({ userId: '15', recent: { items: ['of another'] } });
});

it('tells of no event that a training has seen when it is sent again', async () => {
  const { group, put } = await tracked();
  const [same, anonymous] = [{ eventId: 'e1' }, { sessionId: 's7', userId: undefined }];
  await put('seen', same);
  await put('as it was', { sentAt: 1_700_000_100 });
  await put('nobody’s', { eventId: 'e2' }, anonymous);
  const campaignArn = await deployed(group, 'personal');
  await put('seen', same);
  await put('as it was', { sentAt: 1_700_000_100 });
  await put('nobody’s', { eventId: 'e2' }, anonymous);
  await put('late', {}, { sessionId: 's7', userId: 'u1' });
  await put('seen', { eventId: 'e3' });
  expect(await itemsAsked(campaignArn)).toEqual(['nobody’s', 'late', 'seen']);
});

it('tells of events that the solution would train on', async () => {
  const { group, put } = await tracked();
  const eventParametersList = [{ eventType: 'buy' }, { eventType: 'watch', eventValueThreshold: 0.7 }];
  const weighted = await deployed(group, 'weighted', 'aws-user-personalization-v2', {
    eventsConfig: { eventParametersList },
  });
  const rated = await deployed(group, 'rated', 'aws-user-personalization', { eventValueThreshold: '3.6' });
  await put('a', { eventType: 'buy' });
  await put('b', { eventValue: 0.6 });
  await put('c', { eventValue: 0.7 });
  await put('d', { eventType: 'click', eventValue: 3.6 });
  expect(await itemsAsked(weighted)).toEqual(['a', 'c']);
  expect(await itemsAsked(rated)).toEqual(['d']);
});

it('keeps, over a restart, what models have not seen: out of files, the log, and sessions from before', async () => {
  const { group, dataset, put } = await tracked();
  await put('in nobody’s training', {}, { sessionId: 's7', userId: undefined });
  await put('trained');
  const campaignArn = await deployed(group, 'personal');
  await put('in a file', { properties: '{"device":"tv"}', eventValue: 0.5, eventId: 'e1' });
  const dataSource = { dataLocation: 's3://data/rows.csv' };
  await bench.call('CreateDatasetImportJob', { jobName: 'next', datasetArn: dataset, dataSource });
  await bench.settled(arnFor('dataset-import-job/next'));
  await put('in the log');
  await put('in a file', { eventId: 'e1' });
  await put('last', {}, { sessionId: 's7', userId: 'u1' });
  const before = await asked(campaignArn);
  expect(before.recent?.items).toEqual(['in nobody’s training', 'in a file', 'in the log', 'last']);

  await bench.control.stop();
  const again = await openBench({ home: bench.home, database: { ...bench.parts, close: async () => {} } });
  try {
    expect(await asked(campaignArn, 'u1', again)).toEqual(before);
  } finally {
    await again.close();
  }
});

it('gives back what all models have seen, and reads again what an older one has not', async () => {
  const { group, put } = await tracked();
  const campaignArn = await deployed(group, 'personal');
  const [first = ''] = await versionsOf('personal');
  await put('a');
  expect(await itemsAsked(campaignArn)).toEqual(['a']);
  const newer = await steps(bench).version(arnFor('solution/personal'));
  await put('b');
  await moveTo(campaignArn, newer);
  expect(await itemsAsked(campaignArn)).toEqual(['b']);
  // By now the first event is dropped; the older model has seen neither.
  await sleep(100);
  await moveTo(campaignArn, first);
  expect(await itemsAsked(campaignArn)).toEqual(['a', 'b']);
});

async function versionsOf(solution: string): Promise<string[]> {
  const { solutionVersions = [] } = await bench.call('ListSolutionVersions', {
    solutionArn: arnFor(`solution/${solution}`),
  });
  return solutionVersions.map(({ solutionVersionArn = '' }) => solutionVersionArn);
}

async function moveTo(campaignArn: string, solutionVersionArn: string): Promise<void> {
  await bench.call('UpdateCampaign', { campaignArn, solutionVersionArn });
  await bench.settled(campaignArn);
}
