import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../src/data/database/database.ts';
import type { DatasetSchema, Field } from '../src/data/dataset-schema.ts';
import type { DatasetType, FieldType } from '../src/data/dataset-types.ts';
import { convertAll } from '../src/data/import/conversion.ts';
import { openStore } from '../src/data/objects/open-store.ts';
import { writeAttributedEvents } from '../src/data/records/attributed-events.ts';
import { EntityRecords } from '../src/data/records/entity-records.ts';
import { EventRecords } from '../src/data/records/event-records.ts';
import { latestEvents } from '../src/data/records/latest-events.ts';
import { pinDataset } from '../src/data/records/pinned-dataset.ts';
import { RecordLog } from '../src/data/records/record-log.ts';
import { FollowedView } from '../src/data/views/followed-view.ts';
import { HistoryView } from '../src/data/views/live/history-view.ts';
import type { RecentEvents } from '../src/data/views/live/live-histories.ts';
import { newestItems } from '../src/data/views/newest-items.ts';
import { openModel } from '../src/learn/model/open-model.ts';
import { Vocabulary } from '../src/learn/model/vocabulary.ts';
import { writeVocabulary } from '../src/learn/model/vocabulary-file.ts';
import { recipes } from '../src/learn/recipes/catalogue.ts';
import { recommendsItems } from '../src/learn/recipes/recipe-types.ts';
import { train } from '../src/learn/training/train.ts';
import { serviceTrainingLimits, type TrainingInput } from '../src/learn/training/training.ts';
import { buildTrainingSet } from '../src/learn/training-set/training-set.ts';
import { telltaleNames } from './support/column-names.ts';

const { signal } = new AbortController();
const unwatched = { report() {}, signal };
const receivedAt = 1_700_000_000_000;
const users = 60;
const items = 40;

let folder: string;
let names: readonly string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'names-'));
  names = await telltaleNames(folder);
});
afterAll(() => rm(folder, { recursive: true }));

const types: readonly FieldType[] = ['string', 'long', 'float'];
/** Columns of these names: categories, whole numbers and others by turns. */
const fieldsOf = (columns: readonly string[]): Field[] =>
  columns.map((name, n) => {
    const type = types[n % types.length] ?? 'string';
    return { name, type, nullable: true, categorical: type === 'string', textual: false };
  });
const field = (name: string, type: FieldType = 'string'): Field => ({
  name,
  type,
  nullable: false,
  categorical: false,
  textual: false,
});
/** Values of row n, different in each row; `what` makes those of datasets different. */
const valuesOf = (fields: readonly Field[], n: number, what: string) =>
  fields.map(({ type }, column) => (type === 'string' ? `${what}${(n + column) % 3}` : `${(n + column) % 7}`));

/** A dataset by the importer of the service. */
async function imported(
  place: string,
  type: DatasetType,
  fields: readonly Field[],
  rows: readonly string[][],
): Promise<TrainingInput> {
  await mkdir(place, { recursive: true });
  const path = join(place, 'rows.csv');
  await writeFile(path, [fields.map(({ name }) => name), ...rows].map((cells) => cells.join(',')).join('\n'));
  const source = { uri: path, bytes: 1, open: async () => ({ path, async [Symbol.asyncDispose]() {} }) };
  const table = { schema: { fields }, type, badRows: 0 };
  const { files } = await convertAll([source], table, place, unwatched);
  return { schema: { fields }, files: files.map((file) => file.path) };
}

/** The record log of a server, its streamed events and items, and what all readers make of them. */
async function datasets(place: string, columns: readonly string[]) {
  const own = fieldsOf(columns);
  const keys = [field('USER_ID'), field('ITEM_ID'), field('TIMESTAMP', 'long'), field('EVENT_TYPE')];
  const interactions = await imported(
    join(place, 'interactions'),
    'INTERACTIONS',
    [...keys, ...own],
    Array.from({ length: 1200 }, (_, n) => {
      const key = [`u${n % users}`, `i${(n * 7 + Math.floor(n / users)) % items}`, `${1_600_000_000 + n}`, `t${n % 2}`];
      return [...key, ...valuesOf(own, n, 'old')];
    }),
  );
  const entities = (id: 'USER_ID' | 'ITEM_ID', count: number) =>
    imported(
      join(place, id),
      id === 'ITEM_ID' ? 'ITEMS' : 'USERS',
      [field(id), ...own],
      Array.from({ length: count }, (_, n) => [`${id === 'USER_ID' ? 'u' : 'i'}${n}`, ...valuesOf(own, n, 'said')]),
    );
  const all = { interactions, users: await entities('USER_ID', users), items: await entities('ITEM_ID', items) };

  const opened = await openDatabase({ file: join(place, 'database') });
  const log = new RecordLog({ ...opened, clock: { now: () => receivedAt }, log: console });
  const store = await openStore({ folder: join(place, 'store') });
  const source = { ...opened, store, records: log, signal };
  const properties = (n: number, what: string) =>
    JSON.stringify(Object.fromEntries(own.map(({ name }, at) => [name, valuesOf(own, n, what)[at]])));
  const events = new EventRecords(interactions.schema);
  const body = [0, 1].map((n) =>
    events.encode(
      {
        trackingId: 't',
        sessionId: `s${n}`,
        userId: 'u0',
        eventList: [{ eventType: 't0', itemId: 'i1', sentAt: 1_650_000_000 + n, properties: properties(n, 'new') }],
      },
      receivedAt,
    ),
  );
  const put = async (datasetArn: string, layout: EventRecords['layout'], bodies: readonly string[]) => {
    const id = await log.layouts.idOf(layout);
    for (const each of bodies) await log.append({ datasetArn, layout: id, records: 1, body: each });
  };
  await put('events', events.layout, body);
  const entityRecords = new EntityRecords(all.items.schema, 'ITEMS');
  const entity = (n: number) => entityRecords.encode([{ id: 'i0', properties: properties(n, 'streamed') }], 'items');
  await put('items', entityRecords.layout, [entity(0), entity(1)]);
  const take = async (datasetArn: string) =>
    (await pinDataset({ ...source, datasetArn, rows: 'streamed', folder: join(place, datasetArn) })).files.map(
      ({ path }) => path,
    );
  const [eventFiles, itemFiles] = [await take('events'), await take('items')];
  const counted = join(place, 'counted.parquet');
  const { schema } = interactions;
  await writeAttributedEvents({ files: eventFiles, schema, type: 'INTERACTIONS', target: counted, signal });
  const live = await FollowedView.open({
    ...source,
    view: new HistoryView({ datasetArn: 'events', schema, fields: own, limit: 10, after: 0, sessionsSince: 0 }),
    sources: [{ arn: 'events', rows: 'streamed' }],
    workFolder: join(place, 'live'),
    onGap() {},
  });
  const recent = live.view.histories.find('u0', { after: 0, events: [] }).user?.recent;
  live[Symbol.dispose]();
  await opened.close();
  return {
    own,
    recent,
    eventFiles,
    schema: interactions.schema satisfies DatasetSchema,
    interactions: { ...interactions, files: [...interactions.files, counted] },
    users: all.users,
    items: { ...all.items, files: [...all.items.files, ...itemFiles] },
  };
}

const request = (
  place: string,
  data: Pick<Awaited<ReturnType<typeof datasets>>, 'interactions' | 'users' | 'items'>,
) => ({
  interactions: data.interactions,
  users: data.users,
  items: data.items,
  limits: { ...serviceTrainingLimits, eventTypesAndColumnsToTrain: 1000 },
  workFolder: join(place, 'work'),
});

/** Reads datasets with these columns in every way in which a server does. */
async function readAll(columns: readonly string[]): Promise<void> {
  const place = await mkdtemp(join(folder, 'batch-'));
  const data = await datasets(place, columns);
  const { own } = data;
  const set = await buildTrainingSet(request(place, data), unwatched);
  expect(set.histories.items).toHaveLength(1202);
  expect(set.histories.columns.map(({ name }) => name)).toEqual(['EVENT_TYPE', ...columns]);
  for (const features of [set.itemFeatures, set.userFeatures]) {
    expect(features?.encoder.columns.map(({ name }) => name)).toEqual(columns);
  }
  for (const [n, { name, type }] of own.entries()) {
    const expected = [0, 1].map((row) => valuesOf(own, row, 'new')[n] ?? '');
    expect(data.recent?.columns.get(name)?.map((value) => (type === 'string' ? value : `${Number(value)}`))).toEqual(
      expected,
    );
  }
  const spilled = { temporaryFolder: join(place, 'spilled'), signal };
  const { events } = await latestEvents({
    files: data.eventFiles,
    schema: data.schema,
    limit: 10,
    isUserOfModel: async () => false,
    ...spilled,
  });
  expect(events.map(({ outcome, sentAt }) => `${outcome} ${sentAt}`)).toEqual([
    'counted 1650000001',
    'counted 1650000000',
  ]);
  const known = join(place, 'known.parquet');
  await writeVocabulary(known, Vocabulary.of(['nothing']), spilled.temporaryFolder);
  const newest = await newestItems({
    interactions: data.interactions,
    items: data.items,
    known,
    seconds: 1e10,
    limit: 100,
    now: 2e9,
    ...spilled,
  });
  const found = newest.items.find(({ id }) => id === 'i0');
  const said = own.map(({ name, type }, n) => {
    const value = valuesOf(own, 1, 'streamed')[n] ?? '';
    return [name, type === 'float' ? `${value}.0` : value];
  });
  expect([...(found?.metadata ?? [])]).toEqual(said);
}

describe('columns may have any name that a schema can have', () => {
  it.each([
    ['in lower case', (name: string) => name.toLowerCase()],
    ['in upper case', (name: string) => name.toUpperCase()],
    ['in camel case', (name: string) => (/[a-z][A-Z]/.test(name) ? name : '')],
  ])('every word of DuckDB, SQLite, JavaScript and our own queries is read like any other, %s', async (_, change) => {
    const changed = names.map(change).filter((name) => name !== '');
    for (let at = 0; at < changed.length; at += 150) await readAll(changed.slice(at, at + 150));
  });

  it.each(recipes.filter(recommendsItems).filter(({ domain }) => domain === undefined))(
    '$name learns from and answers with names that mean something',
    async (recipe) => {
      const place = await mkdtemp(join(folder, 'trained-'));
      const columns = ['FILENAME', 'file_row_number', 'constructor', '__proto__', 'toString', 'code_0'];
      const data = await datasets(place, columns);
      const modelFolder = join(place, 'model');
      const needed = recipe.neededFields ? { items: { ...data.items, schema: withTexts(data.items.schema) } } : {};
      const asked = { ...request(place, data), ...needed, recipe: recipe.name, parameters: {}, seed: 1 };
      await train({ ...asked, modelFolder }, unwatched);
      await expectAnswers(modelFolder, data.recent);
      if (recipe.update === undefined) return;
      const updated = join(place, 'updated');
      await train({ ...asked, modelToUpdate: modelFolder, modelFolder: updated }, unwatched);
      await expectAnswers(updated, data.recent);
    },
  );
});

/** The same columns, some of which are a name and a text. */
const withTexts = ({ fields }: TrainingInput['schema']): TrainingInput['schema'] => ({
  fields: fields.map((own) => {
    if (own.name === 'FILENAME') return { ...own, categorical: false, isItemName: true };
    return own.name === '__proto__' ? { ...own, categorical: false, textual: true } : own;
  }),
});

async function expectAnswers(folder: string, recent: RecentEvents | undefined): Promise<void> {
  const streamed = { user: recent && { userId: 'u0', recent } };
  const model = await openModel(folder);
  expect((await model.recommend({ userId: 'u0', itemId: 'i1', count: 5, streamed })).items).toHaveLength(5);
  // It has a value for one of the columns, and must have none for those that every object has.
  const later = [{ id: 'later', metadata: new Map([['FILENAME', 'said1']]) }];
  expect(model.vectorsOf?.(later).every(Number.isFinite) ?? true).toBe(true);
}
