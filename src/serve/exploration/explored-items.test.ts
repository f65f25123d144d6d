import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from '../../data/database/database.ts';
import type { DatasetSchema, Field } from '../../data/dataset-schema.ts';
import { openDuckDb, sqlString } from '../../data/engine/duckdb.ts';
import type { ObjectStore } from '../../data/objects/object-store.ts';
import { openStore } from '../../data/objects/open-store.ts';
import { EntityRecords } from '../../data/records/entity-records.ts';
import { EventRecords } from '../../data/records/event-records.ts';
import { RecordLog } from '../../data/records/record-log.ts';
import { FollowedView } from '../../data/views/followed-view.ts';
import { localItems } from '../../learn/model/stored-model.ts';
import { mostCandidates } from './candidates.ts';
import { ExploredItems } from './explored-items.ts';

const field = (name: string, type: Field['type'] = 'string'): Field => ({
  name,
  type,
  nullable: true,
  categorical: false,
  textual: false,
});
const interactions: DatasetSchema = { fields: [field('USER_ID'), field('ITEM_ID'), field('TIMESTAMP', 'long')] };
const items: DatasetSchema = { fields: [field('ITEM_ID'), field('GENRE'), field('CREATION_TIMESTAMP', 'long')] };
const day = 86_400;
const now = 20_000 * day;

let folder: string;
let opened: OpenDatabase;
let store: ObjectStore;
let log: RecordLog;
const explored: FollowedView<ExploredItems>[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'explored-'));
  opened = await openDatabase({ file: ':memory:' });
  store = await openStore({ folder: join(folder, 'store') });
  log = new RecordLog({ ...opened, clock: { now: () => 1000 * now }, log: console });
  await mkdir(join(folder, 'store', 'model'), { recursive: true });
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: join(folder, 'spilled') });
  const known = sqlString(join(folder, 'store', 'model', 'items.parquet'));
  await duckDb.run(`COPY (SELECT 'known' AS ID) TO ${known} (FORMAT parquet)`);
  await store.write('model/model.json', '{}');
});
afterEach(async () => {
  for (const one of explored.splice(0)) one[Symbol.dispose]();
  await log.stop();
  await opened.close();
  await rm(folder, { recursive: true });
});

const open = async () => {
  const view = new ExploredItems({
    model: 'model/',
    modelItems: () => localItems(store, 'model/'),
    itemAgeSeconds: 30 * day,
    interactions: { arn: 'interactions', schema: interactions },
    items: { arn: 'items', schema: items },
    clock: { now: () => 1000 * now },
  });
  const followed = await FollowedView.open({
    view,
    database: opened.database,
    store,
    records: log,
    sources: ['interactions', 'items'].map((arn) => ({ arn, rows: 'all' })),
    workFolder: join(folder, 'work'),
    signal: new AbortController().signal,
    onGap() {},
  });
  explored.push(followed);
  return view;
};

async function putItems(...put: readonly { readonly id: string; readonly properties?: string }[]): Promise<void> {
  const records = new EntityRecords(items, 'ITEMS');
  const layout = await log.layouts.idOf(records.layout);
  const body = records.encode(put, 'items');
  await log.append({ datasetArn: 'items', layout, records: put.length, body });
}

async function watch(itemId: string, impression?: string[], sentAt = now): Promise<void> {
  const records = new EventRecords(interactions);
  const layout = await log.layouts.idOf(records.layout);
  const event = { eventType: 'watch', itemId, sentAt, ...(impression && { impression }) };
  const body = records.encode({ trackingId: 't', sessionId: 's', userId: 'u', eventList: [event] }, 1000 * now);
  await log.append({ datasetArn: 'interactions', layout, records: 1, body });
}

it('counts what came before, while and after it was read, each once', async () => {
  await putItems({ id: 'a' });
  for (let n = 0; n < 20; n++) await watch('a', ['a', 'b']);
  let more = 0;
  const opening = open();
  let isOpen = false;
  void opening.then(() => {
    isOpen = true;
  });
  while (!isOpen) {
    await watch('a', ['a', 'b']);
    more++;
  }
  const { candidates } = await opening;
  for (let n = 0; n < 5; n++) await watch('a', ['a', 'b']);
  const counted = { successes: 25 + more, expected: (25 + more) / 2 };
  expect(candidates.feedbackOf('a')).toEqual(counted);
  expect((await open()).candidates.feedbackOf('a')).toEqual(counted);
});

it('takes in new items as they come, with what is said of them, and no old ones', async () => {
  await watch('known');
  const { candidates } = await open();
  await putItems({ id: 'new', properties: '{"genre":"Drama"}' }, { id: 'known' });
  await putItems({ id: 'old', properties: JSON.stringify({ creationTimestamp: now - 31 * day }) });
  await putItems({ id: 'young', properties: JSON.stringify({ creationTimestamp: now - 29 * day }) });
  await putItems({ id: 'known', properties: '{"genre":"Comedy"}' });
  expect(candidates.items).toMatchObject([
    { id: 'known' },
    { id: 'new', isInferred: true, metadata: new Map([['GENRE', 'Drama']]) },
    { id: 'young', isInferred: false, createdAt: now - 29 * day },
  ]);
});

it('uses the last metadata of a new item, and all interactions with it', async () => {
  const createdAt = now - 20 * day;
  await putItems({ id: 'a', properties: JSON.stringify({ genre: 'Drama', creationTimestamp: createdAt }) });
  const one = await open();
  await putItems({ id: 'a', properties: JSON.stringify({ genre: 'Drama', creationTimestamp: createdAt }) });
  await watch('a', ['a', 'b']);
  await putItems({ id: 'a', properties: '{"genre":"Comedy"}' });
  await putItems({ id: 'a', properties: '{"genre":"Comedy"}' });
  await watch('a', ['a', 'b']);
  expect(one.candidates.find('a')).toMatchObject({ createdAt, metadata: new Map([['GENRE', 'Comedy']]) });
  expect(one.candidates.feedbackOf('a')).toEqual({ successes: 2, expected: 1 });
  expect(one.candidates.items).toHaveLength(2);
  await putItems({ id: 'a', properties: JSON.stringify({ creationTimestamp: now - 31 * day }) });
  one.expire();
  expect(one.candidates.find('a')).toBeUndefined();
});

it('lets go what grows old as interactions go on', async () => {
  await watch('known', [], now - 20 * day);
  await putItems({ id: 'a', properties: JSON.stringify({ creationTimestamp: now - 40 * day }) });
  const one = await open();
  one.expire();
  expect(one.candidates.find('a')).toBeDefined();
  await watch('known', [], now - 5 * day);
  one.expire();
  expect(one.candidates.find('a')).toBeUndefined();
});

it('has room for items that come up however many there are', async () => {
  const many = Array.from({ length: mostCandidates }, (_, n) => ({ id: `i${String(n).padStart(5, '0')}` }));
  await putItems(...many);
  const { candidates } = await open();
  await putItems({ id: 'late' });
  expect(candidates.find('late')).toBeDefined();
  // The first of those that came together are the oldest.
  expect(candidates.find('i00000')).toBeUndefined();
  expect(candidates.find('i09999')).toBeDefined();
});
