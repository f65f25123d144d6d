import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDuckDb, sqlString } from '../../data/engine/duckdb.ts';
import { appendDatasetFiles } from '../../data/manifest.ts';
import { checksumOf } from '../../data/objects/checksums.ts';
import type { Context } from '../context.ts';
import { arnFor, type Bench, openBench, steps } from '../control.fixture.ts';
import { families } from '../families.ts';
import { findEvents } from './event-type-views.ts';

let context: Context;
/** Lets a test ask as a handler does. */
const probe = {
  kinds: [],
  operations(given: Context) {
    context = given;
    return {};
  },
};
const options = { families: [...families, probe], quotas: { interactionsPerEventType: 2 } };

let bench: Bench;
beforeEach(async () => {
  bench = await openBench(options);
});
afterEach(() => bench.close());

const schema = JSON.stringify({
  type: 'record',
  name: 'Interactions',
  namespace: 'com.amazonaws.personalize.schema',
  fields: [
    ...['USER_ID', 'ITEM_ID', 'EVENT_TYPE'].map((name) => ({ name, type: 'string' })),
    { name: 'TIMESTAMP', type: 'long' },
  ],
  version: '1.0',
});

const filter = (datasetGroupArn: string, name: string, condition: string) =>
  bench.call('CreateFilter', {
    name,
    datasetGroupArn,
    filterExpression: `EXCLUDE ItemID WHERE Interactions.EVENT_TYPE ${condition}`,
  });

/** A dataset group with a filter and a tracker. */
async function tracked() {
  const step = steps(bench);
  const group = await step.group();
  const dataset = await step.dataset(group, await step.schema('interactions', schema));
  const { trackingId = '', eventTrackerArn = '' } = await bench.call('CreateEventTracker', {
    name: 'web',
    datasetGroupArn: group,
  });
  await bench.settled(eventTrackerArn);
  await filter(group, 'seen', 'IN ("Watch", "buy")');
  let sentAt = 1_700_000_000;
  const put = (itemId: string, eventType = 'watch', call: object = { userId: 'u1' }) =>
    bench.call('PutEvents', {
      trackingId,
      sessionId: 's1',
      ...call,
      eventList: [{ eventType, sentAt: sentAt++, itemId }],
    });
  return { group, dataset, put };
}

async function itemsOf(group: string, id = 'u1', type = 'watch'): Promise<string[] | undefined> {
  const { events } = (await findEvents(context, group, 'INTERACTIONS', new Set([type]))) ?? {};
  return events && Array.from(events.find(id).get(type) ?? [], (index) => events.itemId(index));
}

it('has an event from its acknowledgement on', async () => {
  const { group, put } = await tracked();
  await put('a');
  expect(await itemsOf(group)).toEqual(['a']);
  await put('b', 'Watch');
  expect(await itemsOf(group)).toEqual(['a', 'b']);
  await put('c');
  await put('d', 'buy');
  expect(await itemsOf(group)).toEqual(['b', 'c']);
  expect(await itemsOf(group, 'u1', 'buy')).toEqual(['d']);
});

it('answers a session from its events, and its user, once there is one, from both', async () => {
  const { group, put } = await tracked();
  const anonymous = { sessionId: 's7', userId: undefined };
  await put('a', 'watch', anonymous);
  expect(await itemsOf(group, 's7')).toEqual(['a']);
  await put('b', 'watch', anonymous);
  await put('c', 'watch', { sessionId: 's7', userId: 'u7' });
  expect(await itemsOf(group, 's7')).toEqual(['b', 'c']);
  expect(await itemsOf(group, 'u7')).toEqual(['b', 'c']);
});

it('has the same after a restart', async () => {
  const { group, put } = await tracked();
  await put('a', 'watch', { sessionId: 's7', userId: undefined });
  await put('b', 'watch', { sessionId: 's7', userId: 'u7' });
  await bench.control.stop();
  const again = await openBench({ ...options, home: bench.home, database: { ...bench.parts, close: async () => {} } });
  try {
    expect(await itemsOf(group, 's7')).toEqual(['a', 'b']);
  } finally {
    await again.close();
  }
});

it('has what an import has brought', async () => {
  const { group, dataset, put } = await tracked();
  await put('a');
  expect(await itemsOf(group)).toEqual(['a']);
  const path = join(bench.home, 'imported.parquet');
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: join(bench.home, 'spilled') });
  await duckDb.run(
    `COPY (SELECT 'u1' AS USER_ID, 'imported' AS ITEM_ID, 'Watch' AS EVENT_TYPE, 1 AS TIMESTAMP) TO ${sqlString(path)} (FORMAT parquet)`,
  );
  const file = { key: 'imported', rows: 1, ...(await checksumOf(path)) };
  await bench.parts.store.adopt(file.key, path);
  await bench.parts.database
    .transaction()
    .execute((trx) => appendDatasetFiles(trx, dataset, 'arn:job', [file], bench.parts.clock.now()));
  await context.answers.views.eventsByType.look();
  await expect.poll(() => itemsOf(group)).toEqual(['imported', 'a']);
});

it('reads other types for a filter that names them, and all for one that may mean any', async () => {
  const { group, put } = await tracked();
  await put('a');
  await put('b', 'Click');
  expect(await itemsOf(group)).toEqual(['a']);
  expect(await itemsOf(group, 'u1', 'click')).toBeUndefined();
  await filter(group, 'clicked', 'IN ("CLICK")');
  expect(await itemsOf(group, 'u1', 'click')).toEqual(['b']);
  expect(await itemsOf(group)).toEqual(['a']);
  const any = () => findEvents(context, group, 'INTERACTIONS', 'any');
  expect(await any()).toBeUndefined();
  await filter(group, 'others', 'NOT IN ("watch")');
  expect([...((await any())?.events?.find('u1').keys() ?? [])].toSorted()).toEqual(['click', 'watch']);
});

it('has nothing of a group that is gone', async () => {
  await tracked();
  expect(await itemsOf(arnFor('dataset-group/gone'))).toBeUndefined();
});
