import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseDatasetSchema } from '../../data/dataset-schema.ts';
import { openDuckDb, sqlString } from '../../data/engine/duckdb.ts';
import { streamedEventsQuery } from '../../data/records/streamed-events.ts';
import { arnFor, type Bench, itemsSchema, openBench, refusal, steps } from '../control.fixture.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { datasetKind } from './dataset-kind.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

const field = (name: string, ...type: string[]) => ({ name, type: type.length === 1 ? type[0] : type });
const interactions = (...added: object[]) =>
  JSON.stringify({
    type: 'record',
    name: 'Interactions',
    namespace: 'com.amazonaws.personalize.schema',
    fields: [
      ...[field('USER_ID', 'string'), field('ITEM_ID', 'string'), field('TIMESTAMP', 'long')],
      ...[field('EVENT_TYPE', 'string'), field('EVENT_VALUE', 'float', 'null'), ...added],
    ],
    version: '1.0',
  });

/** A dataset group with an Interactions dataset and a tracker. */
async function tracked(...added: object[]) {
  const step = steps(bench);
  const group = await step.group();
  const dataset = await step.dataset(group, await step.schema('interactions', interactions(...added)));
  const { trackingId = '', eventTrackerArn = '' } = await bench.call('CreateEventTracker', {
    name: 'web',
    datasetGroupArn: group,
  });
  expect(await bench.settled(eventTrackerArn)).toBe('ACTIVE');
  return { group, dataset, trackingId, eventTrackerArn };
}

const event = { eventType: 'watch', sentAt: 1_700_000_000, itemId: 'i1' };
const put = (trackingId: string, events: readonly object[], call: object = { userId: 'u1', sessionId: 's1' }) =>
  bench.call('PutEvents', {
    trackingId,
    sessionId: 's1',
    eventList: events.map((one) => ({ ...event, ...one })),
    ...call,
  });

/** Compacts the dataset's records and gives what its files say, by the select list. */
async function compacted(dataset: string, select: string): Promise<unknown[]> {
  const { schema } = parseDatasetSchema(interactions());
  await bench.parts.database
    .transaction()
    .execute((trx) => enqueue({ db: trx, now: Date.now() }, datasetKind, 'compact-records', { arn: dataset }));
  await bench.settled(dataset);
  const rows = await bench.parts.database
    .selectFrom('dataset_files')
    .select(['key', 'rows'])
    .where('dataset_arn', '=', dataset)
    .where('through', 'is not', null)
    .orderBy('position')
    .execute();
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: bench.home });
  const files: string[] = [];
  for (const { key } of rows) files.push((await bench.parts.store.localFile(key)).path);
  const from = dataset.endsWith('INTERACTIONS')
    ? `(${streamedEventsQuery(files, schema)}) ORDER BY "$order"`
    : `read_parquet([${files.map(sqlString).join(', ')}])`;
  return await duckDb.run(`SELECT ${select} FROM ${from}`);
}

describe('an event tracker', () => {
  it('is known by its tracking id, belongs to its group, and is the only one there', async () => {
    const { group, trackingId, eventTrackerArn } = await tracked();
    expect(trackingId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-/);
    expect(eventTrackerArn).toBe(arnFor(`event-tracker/${trackingId.slice(0, 8)}`));
    const { eventTracker } = await bench.call('DescribeEventTracker', { eventTrackerArn });
    expect(eventTracker).toMatchObject({ name: 'web', accountId: '123456789012', trackingId, datasetGroupArn: group });
    const { eventTrackers } = await bench.call('ListEventTrackers', { datasetGroupArn: group });
    expect(eventTrackers?.map((one) => one.eventTrackerArn)).toEqual([eventTrackerArn]);
    const second = bench.call('CreateEventTracker', { name: 'other', datasetGroupArn: group });
    expect(await refusal(second)).toMatch(/^ResourceAlreadyExistsException/);
  });

  it('keeps its dataset and its group from being deleted, and takes no events once it is gone', async () => {
    const { group, dataset, trackingId, eventTrackerArn } = await tracked();
    await put(trackingId, [{}]);
    const inUse = `is in use by ${eventTrackerArn}.`;
    expect(await refusal(bench.call('DeleteDataset', { datasetArn: dataset }))).toContain(inUse);
    await bench.call('DeleteEventTracker', { eventTrackerArn });
    expect(await refusal(put(trackingId, [{}]))).toMatch(/^InvalidInputException: The trackingId .* is not that of/);
    expect(await bench.settled(eventTrackerArn)).toBe('gone');
    expect(await refusal(put(trackingId, [{}]))).toMatch(/^InvalidInputException/);
    expect(await compacted(dataset, 'ITEM_ID')).toEqual([{ ITEM_ID: 'i1' }]);
    await bench.call('DeleteDataset', { datasetArn: dataset });
    expect(await bench.settled(dataset)).toBe('gone');
    await bench.call('DeleteDatasetGroup', { datasetGroupArn: group });
  });
});

const brokenProperties = [
  ['"{\\"itemId\\":\\"1\\"}"', 'Error parsing properties json'],
  ['[1]', 'Error parsing properties json'],
  ['{"device"', 'Error parsing properties json'],
  ['{"User_Id":"u"}', 'cannot have the key User_Id'],
  ['{"timestamp":1}', 'cannot have the key timestamp'],
  [
    '{"numRatings":"many"}',
    `Value 'many' at 'eventList.2.member.properties.numRatings' failed to satisfy constraint: it must be a whole number`,
  ],
  ['{"numRatings":3000000000}', 'it does not fit the type int'],
  ['{"device":["a"]}', `Value '["a"]' at 'eventList.2.member.properties.device'`],
  ['{"device":"\\u0000"}', 'U+0000'],
  ['{"eventValue":"1e99"}', 'it is too large for the type float'],
  ['{"itemId":""}', 'every record must have a value'],
] as const;

describe('PutEvents', () => {
  it('keeps what an event says was shown, or else what the answer that it names has shown', async () => {
    const { group, dataset, trackingId } = await tracked();
    const step = steps(bench);
    await step.imported(dataset);
    const version = await step.version(await step.solution(group));
    const exploring = await step.campaign(version, 'exploring');
    const campaignConfig = { itemExplorationConfig: { explorationWeight: '0' } };
    await bench.call('CreateCampaign', { name: 'plain', solutionVersionArn: version, campaignConfig });
    await bench.settled(arnFor('campaign/plain'));
    const idOf = async (campaignArn: string) =>
      (await bench.call('GetRecommendations', { campaignArn, userId: 'u1' })).recommendationId;
    const recommendationId = await idOf(exploring);
    await put(trackingId, [
      { itemId: 'i1', recommendationId },
      { itemId: 'i2', recommendationId, impression: ['x', 'y'] },
      { itemId: 'i3', recommendationId: await idOf(arnFor('campaign/plain')) },
      { itemId: 'i4', recommendationId: 'RID-made-up' },
      { itemId: 'i5' },
    ]);
    expect(await compacted(dataset, 'ITEM_ID, IMPRESSION')).toEqual([
      { ITEM_ID: 'i1', IMPRESSION: 'a|b|c' },
      { ITEM_ID: 'i2', IMPRESSION: 'x|y' },
      { ITEM_ID: 'i3', IMPRESSION: null },
      { ITEM_ID: 'i4', IMPRESSION: null },
      { ITEM_ID: 'i5', IMPRESSION: null },
    ]);
  });

  it('refuses a tracking id that is unknown, of another region, or without a dataset', async () => {
    const { trackingId } = await tracked();
    expect(await refusal(put('unknown', [{}]))).toBe(
      'InvalidInputException: The trackingId unknown is not that of an event tracker that is ACTIVE.',
    );
    const elsewhere = { trackingId, sessionId: 's', eventList: [event] };
    expect(await refusal(bench.call('PutEvents', elsewhere, { region: 'us-east-1' }))).toMatch(/^InvalidInput/);
    const bare = await steps(bench).group('bare');
    const tracker = await bench.call('CreateEventTracker', { name: 'web', datasetGroupArn: bare });
    await bench.settled(tracker.eventTrackerArn ?? '');
    expect(await refusal(put(tracker.trackingId ?? '', [{}]))).toMatch(/^InvalidInput.* has no Interactions dataset/);
  });

  it('keeps every member under the column that it maps to', async () => {
    const { dataset, trackingId } = await tracked(
      field('NUM_RATINGS', 'int', 'null'),
      field('DEVICE', 'string', 'null'),
    );
    await put(trackingId, [
      {
        eventId: 'e1',
        eventValue: 2.5,
        recommendationId: 'RID-1',
        impression: ['i1', 'i2'],
        properties: '{"numRatings":"12","device":"phone, \\"big\\"\\nred","unknown":1}',
        sentAt: 1_700_000_000.75,
        metricAttribution: { eventAttributionSource: 'search' },
      },
      { itemId: undefined, sentAt: 1_700_000_001_000, properties: '{"ITEM_ID":"i9","eventValue":"7","DEVICE":null}' },
    ]);
    const rows = await compacted(
      dataset,
      `USER_ID, ITEM_ID, TIMESTAMP::INT AS t, EVENT_TYPE, EVENT_VALUE, IMPRESSION, RECOMMENDATION_ID, EVENT_ATTRIBUTION_SOURCE AS s,
       NUM_RATINGS, DEVICE, "$SESSION_ID", "$EVENT_ID"`,
    );
    const common = { USER_ID: 'u1', EVENT_TYPE: 'watch', $SESSION_ID: 's1' };
    expect(rows).toEqual([
      {
        ...common,
        ITEM_ID: 'i1',
        t: 1_700_000_000,
        EVENT_VALUE: 2.5,
        IMPRESSION: 'i1|i2',
        s: 'search',
        RECOMMENDATION_ID: 'RID-1',
        NUM_RATINGS: 12,
        DEVICE: 'phone, "big"\nred',
        $EVENT_ID: 'e1',
      },
      {
        ...common,
        ITEM_ID: 'i9',
        t: 1_700_000_001,
        EVENT_VALUE: 7,
        IMPRESSION: null,
        s: null,
        RECOMMENDATION_ID: null,
        NUM_RATINGS: null,
        DEVICE: null,
        $EVENT_ID: null,
      },
    ]);
  });

  it('refuses properties that break a rule, and the events beside them', async () => {
    const { dataset, trackingId } = await tracked(
      field('NUM_RATINGS', 'int', 'null'),
      field('DEVICE', 'string', 'null'),
    );
    for (const [properties, reason] of brokenProperties) {
      const refused = await refusal(put(trackingId, [{}, { itemId: undefined, properties }]));
      expect(refused).toMatch(/^InvalidInputException: /);
      expect(refused).toContain(reason);
    }
    await put(trackingId, [{ itemId: 'after' }]);
    expect(await compacted(dataset, 'ITEM_ID')).toEqual([{ ITEM_ID: 'after' }]);
  });

  it('wants a value for each column that cannot be null', async () => {
    const { trackingId } = await tracked(field('DEVICE', 'string'));
    expect(await refusal(put(trackingId, [{}]))).toBe(
      'InvalidInputException: eventList.1.member lacks a value for DEVICE, which the schema does not allow to be null.',
    );
    await put(trackingId, [{ properties: '{"device":"tv"}' }]);
  });

  it('takes events of 10 KB, and none that are larger by a byte', async () => {
    const { trackingId } = await tracked();
    const sized = (bytes: number) => {
      const impression = Array.from({ length: 25 }, (_, n) => `${n}`.padEnd(256, 'é').slice(0, 200));
      const bare = { ...event, impression: [...impression, ''].slice(0, 25) };
      const missing = bytes - Buffer.byteLength(JSON.stringify({ ...bare, eventId: '' }));
      return { impression, eventId: 'x'.repeat(Math.max(0, missing)) };
    };
    const largest = sized(10_240);
    expect(Buffer.byteLength(JSON.stringify({ ...event, ...largest }))).toBe(10_240);
    await put(trackingId, [largest]);
    expect(await refusal(put(trackingId, [{ ...largest, itemId: 'i12' }]))).toContain('larger than the 10240 bytes');
  });

  it('says of each event whether it counts', async () => {
    const { dataset, trackingId } = await tracked();
    await put(trackingId, [{ itemId: 'before' }, { itemId: undefined }], { sessionId: 's7' });
    await put(trackingId, [{ itemId: 'nobody' }], { sessionId: 's8', userId: '' });
    await put(
      trackingId,
      [
        { itemId: 'a', eventId: 'e' },
        { itemId: 'b', eventId: 'e' },
      ],
      { sessionId: 's7', userId: 'u7' },
    );
    await put(trackingId, [{ itemId: 'a', eventId: 'e' }], { sessionId: 's9', userId: 'u7' });
    await put(trackingId, [{ itemId: 'b' }], { sessionId: 's9', userId: 'u7' });
    await put(trackingId, [{ eventType: 'Identify', itemId: undefined, properties: '{"userId":"u7"}' }]);
    expect(await compacted(dataset, 'ITEM_ID AS item, "$user" AS user, "$outcome" AS outcome')).toEqual([
      { item: 'before', user: 'u7', outcome: 'counted' },
      { item: null, user: 'u7', outcome: 'no-item' },
      { item: 'nobody', user: null, outcome: 'anonymous' },
      { item: 'a', user: 'u7', outcome: 'counted' },
      { item: 'b', user: 'u7', outcome: 'counted' },
      { item: 'a', user: 'u7', outcome: 'repeated' },
      { item: 'b', user: 'u7', outcome: 'identical' },
      { item: null, user: 'u1', outcome: 'identify' },
    ]);
  });

  it('explains the last events of a tracker, a user or a session to a person', async () => {
    const { dataset, trackingId } = await tracked();
    const ask = async (userId?: string, limit = 20) => {
      const { events } = await bench.call('ListEvents', { trackingId, userId, limit });
      return events.map(({ itemId, countsFor, outcome }) => `${itemId} ${countsFor} ${outcome}`);
    };
    expect(await ask()).toEqual([]);
    await put(trackingId, [{ itemId: 'a', eventId: 'e' }], { sessionId: 's1', userId: '' });
    await compacted(dataset, 'ITEM_ID');
    await put(trackingId, [{ itemId: 'b' }], { sessionId: 's1', userId: "o'neil" });
    await put(trackingId, [{ itemId: 'a', eventId: 'e' }, { itemId: 'c' }], { sessionId: 's2', userId: 'u2' });
    expect(await ask()).toEqual(['c u2 counted', 'a u2 counted', "b o'neil counted", "a o'neil counted"]);
    await put(trackingId, [{ itemId: 'a', eventId: 'e', eventValue: 2 }], { sessionId: 's3', userId: 'u2' });
    expect(await ask(undefined, 1)).toEqual(['a u2 repeated']);
    expect(await ask('u2', 1)).toEqual(['a u2 repeated']);
    expect(await ask("o'neil")).toEqual(["b o'neil counted", "a o'neil counted"]);
    expect(await ask('s2')).toEqual(['c u2 counted', 'a u2 counted']);
    await put(trackingId, [{ itemId: 'd' }], { sessionId: 'u2', userId: 'u3' });
    await put(trackingId, [{ itemId: 'e' }], { sessionId: 's2', userId: 'u3' });
    expect(await ask('u2')).toEqual(['a u2 repeated', 'c u2 counted', 'a u2 counted']);
    expect(await ask('u3')).toEqual(['e u3 counted', 'd u3 counted']);
    expect(await ask('nobody')).toEqual([]);
    expect(await refusal(bench.call('ListEvents', { trackingId: 'x', limit: 1 }))).toBe(
      `InvalidInputException: There is no event tracker with trackingId x. Event trackers: ${trackingId} (web).`,
    );
  });

  it('lets trainings see what was sent before them, wherever it is kept', async () => {
    const { group, dataset, trackingId } = await tracked();
    const step = steps(bench);
    await put(trackingId, [{ itemId: 'a' }]);
    await compacted(dataset, 'ITEM_ID');
    await put(trackingId, [{ itemId: 'b' }]);
    const solution = await step.solution(group);
    await step.version(solution);
    await put(trackingId, [{ itemId: 'c' }]);
    await step.version(solution);
    const files = await bench.parts.database.selectFrom('dataset_files').select(['rows', 'through']).execute();
    // What a training has seen is not written together with what came after it.
    expect(files.map(({ rows }) => rows)).toEqual([2, 1]);
    const counts = bench.trained.map(({ interactions }) => interactions?.files.length);
    expect(counts).toEqual([1, 1]);
  });
});

describe('the record log', () => {
  const rowsIn = async (table: 'record_log' | 'dataset_files') =>
    (await bench.parts.database.selectFrom(table).select('created_at').execute()).length;
  /** The log is looked after at the start, and then from time to time. */
  const restart = async () => {
    await bench.control.stop();
    await bench.control.start();
  };

  it('is compacted when records have waited for ten minutes, and cleared a minute later', async () => {
    const { dataset, trackingId } = await tracked();
    await put(trackingId, [{}]);
    await restart();
    expect(await bench.settled(dataset)).toBe('ACTIVE');
    expect(await rowsIn('dataset_files')).toBe(0);
    bench.advance(10 * 60_000);
    await restart();
    await expect.poll(() => rowsIn('dataset_files')).toBe(1);
    bench.advance(30_000);
    await put(trackingId, [{ itemId: 'newer' }]);
    bench.advance(31_000);
    await restart();
    await expect.poll(() => rowsIn('record_log')).toBe(1);
    expect(await compacted(dataset, 'ITEM_ID')).toEqual([{ ITEM_ID: 'i1' }, { ITEM_ID: 'newer' }]);
  });
});

describe('PutItems and PutUsers', () => {
  const itemSchema = itemsSchema({ name: 'YEAR', type: ['int', 'null'] }, { name: 'CREATION_TIMESTAMP', type: 'long' });

  async function withItems() {
    const step = steps(bench);
    const group = await step.group();
    return await step.dataset(group, await step.schema('items', itemSchema), 'Items');
  }
  const properties = (more: object = {}) =>
    JSON.stringify({ genres: 'a|b', creationTimestamp: 1_600_000_000, ...more });

  it('keeps records whole, in the order in which they came', async () => {
    const datasetArn = await withItems();
    await bench.call('PutItems', { datasetArn, items: [{ itemId: '1', properties: properties({ YEAR: '1999' }) }] });
    await bench.call('PutItems', { datasetArn, items: [{ itemId: '1', properties: properties() }] });
    expect(await compacted(datasetArn, 'ITEM_ID, GENRES, YEAR, CREATION_TIMESTAMP::INT AS created')).toEqual([
      { ITEM_ID: '1', GENRES: 'a|b', YEAR: 1999, created: 1_600_000_000 },
      { ITEM_ID: '1', GENRES: 'a|b', YEAR: null, created: 1_600_000_000 },
    ]);
  });

  it('refuses what is not there, of another type, being changed, or against the schema', async () => {
    const datasetArn = await withItems();
    const items = [{ itemId: '1', properties: properties() }];
    expect(await refusal(bench.call('PutItems', { datasetArn: `${datasetArn}X`, items }))).toMatch(/^ResourceNotFound/);
    expect(await refusal(bench.call('PutItems', { datasetArn, items }, { account: '999999999999' }))).toMatch(
      /^ResourceNot/,
    );
    expect(await refusal(bench.call('PutUsers', { datasetArn, users: [{ userId: '1' }] }))).toMatch(
      /^InvalidInputException: Dataset .* is of type ITEMS; it must be of type USERS.$/,
    );
    expect(await refusal(bench.call('PutItems', { datasetArn, items: [{ itemId: '1' }] }))).toBe(
      'InvalidInputException: items.1.member lacks a value for GENRES, which the schema does not allow to be null.',
    );
    const milliseconds = [{ itemId: '1', properties: properties({ creationTimestamp: 1_600_000_000_000 }) }];
    expect(await refusal(bench.call('PutItems', { datasetArn, items: milliseconds }))).toContain(
      'it looks like milliseconds',
    );
    const longText = [{ itemId: '1', properties: properties({ genres: 'x'.repeat(1001) }) }];
    expect(await refusal(bench.call('PutItems', { datasetArn, items: longText }))).toContain(
      'more than 1000 characters',
    );
    await bench.control.stop();
    const schemaArn = await steps(bench).schema(
      'wider',
      itemsSchema(
        ...[
          { name: 'YEAR', type: ['int', 'null'] },
          { name: 'CREATION_TIMESTAMP', type: 'long' },
          { name: 'RATING', type: ['float', 'null'] },
        ],
      ),
    );
    await bench.call('UpdateDataset', { datasetArn, schemaArn });
    expect(await refusal(bench.call('PutItems', { datasetArn, items }))).toMatch(/^ResourceInUseException/);
    await bench.control.start();
    await bench.settled(datasetArn);
    await bench.call('PutItems', { datasetArn, items: [{ itemId: '2', properties: properties({ rating: 4 }) }] });
  });
});
