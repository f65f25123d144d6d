import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openDuckDb, sqlString } from '../../data/engine/duckdb.ts';
import { importCsv } from '../../data/import/import-csv.ts';
import type { Context } from '../context.ts';
import { arnFor, type Bench, itemsSchema, openBench, steps } from '../control.fixture.ts';
import { datasetGroupKind } from '../datasets/dataset-group-kind.ts';
import { families } from '../families.ts';
import { findResource } from '../resources/resource-store.ts';
import type { AttributeRequest } from './attribute-requests.ts';

/** A control plane that really imports, with the context that its handlers have. */
async function openWithContext(more: Parameters<typeof openBench>[0] = {}) {
  let given: Context | undefined;
  const takesContext = {
    kinds: [],
    operations(context: Context) {
      given = context;
      return {};
    },
  };
  const opened = await openBench({ importCsv, families: [...families, takesContext], ...more });
  if (!given) throw new Error('No family was given the context.');
  return { bench: opened, context: given };
}

let bench: Bench;
let context: Context;
beforeEach(async () => {
  // Only what looks at once is to find anything new.
  vi.useFakeTimers({ toFake: ['setInterval'] });
  ({ bench, context } = await openWithContext());
});
afterEach(async () => {
  await bench.close();
  vi.useRealTimers();
});

const group = arnFor('dataset-group/films');
const items = arnFor('dataset/films/ITEMS');
const nullable = (name: string, type: string) => ({ name, type: ['null', type] });
const fields = [nullable('TITLE', 'string'), nullable('PRICE', 'float'), nullable('LIVE', 'boolean')];

/** A dataset group with an Items dataset. */
async function withItems() {
  const step = steps(bench);
  await step.group();
  await step.dataset(group, await step.schema('items', itemsSchema(...fields)), 'Items');
}

let imports = 0;
/** @param lines of ITEM_ID, GENRES, TITLE, PRICE and LIVE */
async function importItems(lines: readonly string[], importMode: 'FULL' | 'INCREMENTAL' = 'FULL') {
  const csv = ['ITEM_ID,GENRES,TITLE,PRICE,LIVE', ...lines].join('\n');
  await writeFile(join(bench.home, 'buckets', 'data', 'rows.csv'), csv);
  await steps(bench).imported(items, `items-${imports++}`, importMode);
}

const put = (itemId: string, properties: object) =>
  bench.call('PutItems', { datasetArn: items, items: [{ itemId, properties: JSON.stringify(properties) }] });

async function find(request: AttributeRequest, type: 'itemAttributes' | 'userAttributes' = 'itemAttributes') {
  const { sequence } = (await findResource(context.database, datasetGroupKind, group)) ?? { sequence: -1 };
  return await context.answers.views[type].find({ arn: group, sequence }, request);
}

/** Cells by id, as a request with these columns finds them. */
async function cells(...columns: string[]): Promise<Record<string, (string | undefined)[]> | undefined> {
  const found = await find({ columns });
  if (!found) return undefined;
  const rows = Array.from({ length: found.count }, (_, row) => row);
  return Object.fromEntries(rows.map((row) => [found.id(row), columns.map((column) => found.textAt(row, column))]));
}

/** Unlike `expect.poll`, this does not move the timers that the test holds still. */
async function untilEqual<T>(found: () => Promise<T>, expected: T): Promise<void> {
  while (!isDeepStrictEqual(await found(), expected)) await sleep(20);
}

it('has what was imported, and what PutItems has brought as soon as that is acknowledged', async () => {
  await withItems();
  await importItems(['a,x|y,A,9.99,true', 'b,z,,,']);
  const columns = ['GENRES', 'TITLE', 'PRICE', 'LIVE'];
  expect(await cells(...columns)).toEqual({ a: ['x|y', 'A', '9.99', 'true'], b: ['z', ...new Array(3)] });
  await put('a', { genres: 'z', price: 10.5 });
  await put('c', { genres: 'new', title: 'C' });
  const expected = {
    a: ['z', undefined, '10.5', undefined],
    b: ['z', ...new Array(3)],
    c: ['new', 'C', ...new Array(2)],
  };
  expect(await cells(...columns)).toEqual(expected);

  await bench.control.stop();
  const again = await openWithContext({ home: bench.home, database: { ...bench.parts, close: async () => {} } });
  ({ context } = again);
  expect(await cells(...columns)).toEqual(expected);
  await again.bench.close();
});

it('has an import as soon as its job has ended', async () => {
  await withItems();
  await importItems(['a,x,,,']);
  expect(await cells('GENRES')).toEqual({ a: ['x'] });
  await importItems(['b,y,,,'], 'INCREMENTAL');
  await untilEqual(() => cells('GENRES'), { a: ['x'], b: ['y'] });
  await importItems(['b,z,,,']);
  await untilEqual(() => cells('GENRES'), { b: ['z'] });
});

it('has the columns of a new schema as soon as it is in force', async () => {
  await withItems();
  await importItems(['a,x,,,']);
  expect(await cells('GENRES', 'MOOD')).toEqual({ a: ['x', undefined] });
  const schemaArn = await steps(bench).schema('moods', itemsSchema(...fields, nullable('MOOD', 'string')));
  await bench.call('UpdateDataset', { datasetArn: items, schemaArn });
  await bench.settled(items);
  await put('a', { genres: 'x', mood: 'dark' });
  await untilEqual(() => cells('GENRES', 'MOOD'), { a: ['x', 'dark'] });
});

it('holds the columns that filters read, and those that requests have read in the last half hour', async () => {
  await withItems();
  await importItems(['a,x,A,1,']);
  await bench.call('CreateFilter', {
    name: 'cheap',
    datasetGroupArn: group,
    filterExpression: 'INCLUDE ItemID WHERE Items.PRICE < 5',
  });
  await bench.settled(arnFor('filter/cheap'));
  const held = async (...columns: string[]) => {
    const found = await find({ columns });
    return ['GENRES', 'TITLE', 'PRICE'].filter((column) => found?.column(column));
  };
  expect(await held('TITLE')).toEqual(['TITLE', 'PRICE']);
  bench.advance(20 * 60_000);
  expect(await held('GENRES')).toEqual(['GENRES', 'TITLE', 'PRICE']);
  bench.advance(11 * 60_000);
  await context.answers.views.keeper.look();
  await untilEqual(() => held('GENRES'), ['GENRES', 'PRICE']);
  await bench.call('DeleteFilter', { filterArn: arnFor('filter/cheap') });
  await context.answers.views.keeper.look();
  await untilEqual(() => held('GENRES'), ['GENRES']);
});

it('begins with the items of the model that was asked, where they can be read', async () => {
  await withItems();
  await importItems(['a,x,,,', 'b,y,,,']);
  const { store } = bench.parts;
  await store.write('models/one/model.json', '{}');
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: join(bench.home, 'spilled') });
  const file = join(bench.home, 'items.parquet');
  await duckDb.run(`COPY (SELECT unnest(['popular', 'b']) AS ID) TO ${sqlString(file)} (FORMAT parquet)`);
  await store.adopt('models/one/items.parquet', file);
  const ids = async (request: AttributeRequest) => {
    const found = await find(request);
    return found && Array.from({ length: found.count }, (_, row) => found.id(row));
  };
  expect(await ids({ columns: ['GENRES'], model: 'models/one/' })).toEqual(['popular', 'b', 'a']);
  await store.removeAll('models/one/');
  expect((await ids({ columns: ['TITLE'], model: 'models/one/' }))?.toSorted()).toEqual(['a', 'b']);
  expect(bench.logged.join()).toContain('The items of a model could not be read');
});

it('has no columns in a group without the dataset, and rows for the items that are added', async () => {
  await steps(bench).group();
  const found = await find({ columns: ['GENRES'] });
  expect([found?.count, found?.column('GENRES'), found?.addRow('a')]).toEqual([0, undefined, 0]);
  await withUsers();
  await bench.call('PutUsers', {
    datasetArn: arnFor('dataset/films/USERS'),
    users: [{ userId: 'u', properties: '{"tier":"gold"}' }],
  });
  const users = await find({ columns: ['TIER'] }, 'userAttributes');
  expect(users?.textAt(users.rowOf('u'), 'TIER')).toBe('gold');
});

async function withUsers() {
  const schema = JSON.parse(itemsSchema());
  const users = [
    { name: 'USER_ID', type: 'string' },
    { name: 'TIER', type: 'string', categorical: true },
  ];
  const step = steps(bench);
  await step.dataset(
    group,
    await step.schema('users', JSON.stringify({ ...schema, name: 'Users', fields: users })),
    'Users',
  );
}

it('has nothing of a group that is gone', async () => {
  await steps(bench).group();
  expect(await find({ columns: [] })).toBeDefined();
  await bench.call('DeleteDatasetGroup', { datasetGroupArn: group });
  await bench.settled(group);
  await context.answers.views.keeper.look();
  expect(context.answers.views.keeper.loaded()).toEqual([]);
  expect(await find({ columns: [] })).toBeUndefined();
});
