import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DatasetSchema, Field } from '../dataset-schema.ts';
import { openDuckDb } from '../engine/duckdb.ts';
import { ItemRecords, titleColumn } from './item-records.ts';

const field = (name: string, more: Partial<Field> = {}): Field => ({
  ...{ name, type: 'string', nullable: true, categorical: false, textual: false },
  ...more,
});
const schema: DatasetSchema = { fields: ['ITEM_ID', 'TITLE', 'YEAR', 'ADDED LATER'].map((name) => field(name)) };

let folder: string;
const files = ['first', 'second'].map((name) => () => join(folder, `${name}.parquet`));
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'item-records-'));
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: folder });
  const rows = [
    `('a', 'old', 1990), ('it''s', 'quoted', NULL), ('b', '', 2000), ('a', 'newer', 1991)`,
    `('c', 'new', 2020), ('a', 'newest', NULL)`,
  ];
  for (const [n, values] of rows.entries()) {
    await duckDb.run(`COPY (SELECT * FROM (VALUES ${values}) AS _(ITEM_ID, TITLE, YEAR)) TO '${files[n]?.()}'`);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('reads the newest record of each item, of the columns that it gives', async () => {
  const read = { files: files.map((path) => path()), schema, temporaryFolder: join(folder, 'spilled') };
  using records = await ItemRecords.open(read);
  const found = await records.of(['a', 'b', "it's", 'none', 'a']);
  expect(Object.fromEntries([...found].map(([id, record]) => [id, Object.fromEntries(record)]))).toEqual({
    a: { TITLE: 'newest' },
    b: { YEAR: '2000' },
    "it's": { TITLE: 'quoted' },
  });
  expect(await records.of([])).toEqual(new Map());
});

it('samples items by their ids, each with its newest record, as often as one likes', async () => {
  const read = { files: files.map((path) => path()), schema, temporaryFolder: join(folder, 'sampled') };
  using records = await ItemRecords.open(read);
  const all = async (most: number) => {
    const { rowCount, rows } = await records.sample(most);
    const read = async () => {
      const found: (readonly [string, object])[] = [];
      for await (const [id, record] of rows()) found.push([id, Object.fromEntries(record)]);
      return found;
    };
    const found = await read();
    expect(found).toHaveLength(rowCount);
    expect(await read()).toEqual(found);
    return found;
  };
  const everything = await all(100);
  expect(new Map(everything)).toEqual(
    new Map<string, object>([
      ['a', { TITLE: 'newest' }],
      ['b', { YEAR: '2000' }],
      ['c', { TITLE: 'new', YEAR: '2020' }],
      ["it's", { TITLE: 'quoted' }],
    ]),
  );
  expect(await all(2)).toEqual(everything.slice(0, 2));
});

it('takes for the title what the schema marks as such, or a column of a usual name', () => {
  const columnOf = (...fields: Field[]) => titleColumn({ fields: [field('ITEM_ID'), ...fields] });
  expect(columnOf(field('NAME'), field('title'))).toBe('title');
  expect(columnOf(field('TITLE'), field('LABEL', { isItemName: true }))).toBe('LABEL');
  expect(columnOf(field('NAME', { type: 'int' }), field('GENRE'))).toBeUndefined();
});
