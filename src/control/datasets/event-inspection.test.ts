import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDuckDb, sqlString } from '../../data/engine/duckdb.ts';
import { arnFor, type Bench, openBench, recipeArn, refusal, steps } from '../control.fixture.ts';
import { campaignKind } from '../deployments/campaign-kind.ts';
import { findResource } from '../resources/resource-store.ts';

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
    ],
  ],
  version: '1.0',
});

/** A campaign whose solution trains on purchases of 3.6 and more, and whose model knows one item; and its tracker. */
async function deployed(name = 'films') {
  const step = steps(bench);
  const group = await step.group(name);
  await step.dataset(group, await step.schema(name, schema));
  const tracker = await bench.call('CreateEventTracker', { name: 'web', datasetGroupArn: group });
  await bench.settled(tracker.eventTrackerArn ?? '');
  await bench.call('CreateSolution', {
    name,
    datasetGroupArn: group,
    recipeArn: recipeArn('aws-user-personalization'),
    performAutoTraining: false,
    eventType: 'buy',
    solutionConfig: { eventValueThreshold: '3.6' },
  });
  await bench.settled(arnFor(`solution/${name}`));
  const campaignArn = await step.campaign(await step.version(arnFor(`solution/${name}`)), name);
  const campaign = await findResource(bench.parts.database, campaignKind, campaignArn);
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: join(bench.home, 'spilled') });
  const file = sqlString(join(bench.home, 'store', campaign?.document.deployment?.model ?? '', 'items.parquet'));
  await duckDb.run(`COPY (SELECT unnest(['known', 'other']) AS ID) TO ${file} (FORMAT parquet)`);
  const users = sqlString(join(bench.home, 'store', campaign?.document.deployment?.model ?? '', 'users.parquet'));
  await duckDb.run(`COPY (SELECT '14' AS ID) TO ${users} (FORMAT parquet)`);
  return { campaignArn, trackingId: tracker.trackingId ?? '' };
}

it('says which events of a user the answers of the campaign do not follow, and why', async () => {
  const { campaignArn, trackingId } = await deployed();
  const bought = { eventType: 'buy', eventValue: 3.6 };
  const events = [
    { ...bought, itemId: 'known' },
    { ...bought, itemId: "o'new" },
    { ...bought, itemId: 'known', eventType: 'view' },
    { ...bought, itemId: 'known', eventValue: 3.5 },
    { ...bought, itemId: 'known', eventValue: undefined },
    { eventType: 'buy' },
  ];
  const eventList = events.map((one, n) => ({ ...one, sentAt: 1_700_000_000 + n }));
  await bench.call('PutEvents', { trackingId, sessionId: 's', userId: 'u', eventList });
  await bench.call('PutEvents', { trackingId, sessionId: 'unjoined', eventList });
  const whys = async (userId: string) => {
    const inspection = await bench.call('ListEvents', { trackingId, userId, limit: 20 });
    return inspection.events.map(({ why }) => why).reverse();
  };
  const counts = expect.stringMatching(/^counts: for the next answer of a model that knows the item/);
  const noItem = expect.stringMatching(/^ignored: an interaction needs an item/);
  expect(await whys('u')).toEqual([counts, counts, counts, counts, counts, noItem]);

  const unknown = `kept: the model of ${campaignArn} does not know the item; the event counts once one of its next models does`;
  const ignored = `kept, and ignored by ${campaignArn}, which does not train on events of this type and value`;
  await bench.call('GetRecommendations', { campaignArn, userId: 'u' });
  expect(await whys('u')).toEqual([counts, unknown, ignored, ignored, ignored, noItem]);
  await bench.call('GetRecommendations', { campaignArn, userId: 'unjoined' });
  const waits = expect.stringMatching(/^waits: /);
  expect(await whys('unjoined')).toEqual([waits, unknown, ignored, ignored, ignored, noItem]);
});

it('shows nothing of another account, nor takes its tracker for the only one', async () => {
  const { trackingId } = await deployed();
  const other = { account: '210987654321' };
  expect(await refusal(bench.call('ListEvents', {}, other))).toBe(
    'InvalidInputException: A trackingId must be given. Event trackers: none.',
  );
  expect(await refusal(bench.call('ListEvents', { trackingId }, other))).toBe(
    `InvalidInputException: There is no event tracker with trackingId ${trackingId}. Event trackers: none.`,
  );
  const { datasetGroupArn } = await bench.call('CreateDatasetGroup', { name: 'theirs' }, other);
  const theirs = await bench.call('CreateEventTracker', { name: 'web', datasetGroupArn: datasetGroupArn ?? '' }, other);
  expect(await bench.call('ListEvents', {}, other)).toMatchObject({ trackingId: theirs.trackingId, events: [] });
  expect(await bench.call('ListEvents', {})).toMatchObject({ trackingId });
});

it('shows a user whom the model knows as herself, though a session has her id', async () => {
  const { campaignArn, trackingId } = await deployed();
  bench.modelUsers.add('14');
  const eventList = [{ eventType: 'buy', eventValue: 5, itemId: 'known', sentAt: 1_700_000_000 }];
  for (const sessionId of ['14', '15'])
    await bench.call('PutEvents', { trackingId, sessionId, userId: '50', eventList });
  const inspect = async (userId: string) => {
    const { events, lastAnswer } = await bench.call('ListEvents', { trackingId, userId, limit: 20 });
    return [events.map(({ sessionId, outcome }) => `${sessionId} ${outcome}`), lastAnswer?.userId, lastAnswer?.recent];
  };
  for (const userId of ['14', '50']) await bench.call('GetRecommendations', { campaignArn, userId });
  expect(await inspect('14')).toEqual([[], '14', 0]);
  expect(await inspect('15')).toEqual([['15 identical'], '50', 1]);
  expect(await inspect('50')).toEqual([['15 identical', '14 counted'], '50', 1]);
});

it('tells nothing of an answer to the user of that id in another dataset group', async () => {
  const [films, books] = [await deployed('films'), await deployed('books')];
  await bench.call('GetRecommendations', { campaignArn: books.campaignArn, userId: 'u' });
  const answerOf = async ({ trackingId }: typeof films) =>
    (await bench.call('ListEvents', { trackingId, userId: 'u', limit: 20 })).lastAnswer?.campaignArn;
  expect([await answerOf(films), await answerOf(books)]).toEqual([undefined, books.campaignArn]);
});
