import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Field } from '../dataset-schema.ts';
import { openDuckDb, sqlString } from '../engine/duckdb.ts';
import { newestItems } from './newest-items.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'newest-'));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
/** A Parquet file of what a query selects. */
async function parquet(query: string): Promise<string> {
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: join(folder, 'spilled') });
  const path = join(folder, `${files++}.parquet`);
  await duckDb.run(`COPY (${query}) TO ${sqlString(path)} (FORMAT parquet)`);
  return path;
}

const field = (name: string, type: Field['type'] = 'string'): Field => ({
  name,
  type,
  nullable: true,
  categorical: false,
  textual: false,
});
const schema = { fields: ['ITEM_ID', 'GENRE', 'PRICE'].map((name) => field(name)) };
const day = 86_400;
const now = 2_000 * day;
const known = (...ids: string[]) => parquet(`SELECT unnest([${ids.map(sqlString).join(', ')}]::VARCHAR[]) AS ID`);
const find = async (request: Partial<Parameters<typeof newestItems>[0]>) =>
  await newestItems({
    interactions: { files: [], schema: { fields: [] } },
    known: await known(),
    seconds: 30 * day,
    limit: 100,
    now,
    temporaryFolder: join(folder, 'spilled'),
    signal: new AbortController().signal,
    ...request,
  });

it('finds what is younger than the newest interaction by no more than so much', async () => {
  const interactions = await parquet(
    `SELECT * FROM (VALUES ('a', ${900 * day}), ('a', ${995 * day}), ('b', ${995 * day}), ('c', ${1000 * day}),
       ('unknown', ${1000 * day}), (NULL, ${1001 * day}), ('d', ${995 * day})) AS t(ITEM_ID, TIMESTAMP)`,
  );
  const items = await parquet(
    `SELECT * FROM (VALUES ('d', ${100 * day}, 'Drama', 1.5), ('e', ${971 * day}, 'Crime', 2), ('f', ${969 * day}, 'Crime', 2),
       ('g', NULL, NULL, 3)) AS t(ITEM_ID, CREATION_TIMESTAMP, GENRE, PRICE)`,
  );
  const replaced = await parquet(`SELECT 'g' AS ITEM_ID, 'Comedy' AS GENRE`);
  const found = await find({
    interactions: { files: [interactions], schema: { fields: [] } },
    items: { files: [items, replaced], schema },
    known: await known('a', 'b', 'c', 'd'),
  });
  expect(found.newest).toBe(1000 * day);
  expect(found.items).toEqual([
    { id: 'g', createdAt: 1000 * day, metadata: new Map([['GENRE', 'Comedy']]), successes: 0, expected: 0 },
    { id: 'c', createdAt: 1000 * day, metadata: undefined, successes: 1, expected: 1 },
    { id: 'b', createdAt: 995 * day, metadata: undefined, successes: 1, expected: 1 },
    {
      id: 'e',
      createdAt: 971 * day,
      metadata: new Map([
        ['GENRE', 'Crime'],
        ['PRICE', '2.0'],
      ]),
      successes: 0,
      expected: 0,
    },
  ]);
  const few = await find({ items: { files: [items, replaced], schema }, seconds: 2000 * day, limit: 2 });
  expect(few.items.map(({ id }) => id)).toEqual(['g', 'e']);
});

it('takes the newest record of many files', async () => {
  const files = [];
  for (let n = 0; n < 6; n++) files.push(await parquet(`SELECT 'a' AS ITEM_ID, 'genre ${n}' AS GENRE`));
  const { items } = await find({ items: { files, schema } });
  expect(items).toMatchObject([{ id: 'a', metadata: new Map([['GENRE', 'genre 5']]) }]);
});

it('leaves out what the model knows well, and keeps what it does not know however popular', async () => {
  const interactions = await parquet(
    `SELECT ITEM_ID, ${now} AS TIMESTAMP FROM (SELECT unnest(['well', 'new']) AS ITEM_ID), range(15)
     UNION ALL SELECT 'little', ${now} FROM range(14)`,
  );
  const items = await parquet(`SELECT unnest(['well', 'new', 'little']) AS ITEM_ID`);
  const { items: found } = await find({
    interactions: { files: [interactions], schema: { fields: [] } },
    items: { files: [items], schema },
    known: await known('well', 'little'),
  });
  expect(found.map(({ id, successes, expected }) => [id, successes, expected])).toEqual([
    ['little', 14, 14],
    ['new', 15, 15],
  ]);
});

it('is not made old by an interaction of the far future, nor by none', async () => {
  const interactions = await parquet(`SELECT 'a' AS ITEM_ID, ${9_000_000 * day} AS TIMESTAMP`);
  const items = await parquet(`SELECT 'b' AS ITEM_ID, ${now - day} AS CREATION_TIMESTAMP`);
  for (const events of [[interactions], []]) {
    const found = await find({
      interactions: { files: events, schema: { fields: [] } },
      items: { files: [items], schema },
    });
    expect(found).toMatchObject({ newest: now, items: [{ id: 'b' }] });
  }
});
