import { expect, it } from 'vitest';
import type { Field } from '../../data/dataset-schema.ts';
import { openDuckDb } from '../../data/engine/duckdb.ts';
import type { Cell } from '../features/column.ts';
import { field, temporaryFolder, writeDataset } from '../training/training.fixture.ts';
import { readMetadata } from './metadata.ts';

const categorical = (name: string): Field => ({ ...field(name), categorical: true });
const textual = (name: string): Field => ({ ...field(name), textual: true });

/** The columns and rows of these records for the ids a, b and c. */
async function read(fields: readonly Field[], ...files: (string | number | null)[][][]) {
  await using folder = await temporaryFolder();
  const input = await writeDataset(`${folder.path}/items`, [field('ITEM_ID'), ...fields], ...files);
  using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: folder.path });
  await duckDb.run("CREATE TABLE items AS SELECT unnest(['a', 'b', 'c']) AS id, unnest([0, 1, 2])::UINTEGER AS index");
  const metadata = await readMetadata(duckDb, 'items', 'ITEM_ID', input);
  if (metadata === undefined) return undefined;
  const rows: (readonly Cell[])[] = [];
  for await (const cells of metadata.rows(1)) rows.push(cells);
  return {
    columns: metadata.columns.map(({ name, kind }) => `${name} ${kind}`),
    rowCount: metadata.rowCount,
    rows,
  };
}

it('reads what trains, of each id the newest record, in order of index', async () => {
  const fields = [
    categorical('GENRE'),
    field('PLAIN'),
    field('YEAR', 'int'),
    field('IS_NEW', 'boolean'),
    textual('ABOUT'),
    field('CREATION_TIMESTAMP', 'long'),
  ];
  const found = await read(
    fields,
    [
      ['c', 'old', 'x', 1990, 1, 'about c', 1],
      ['a', 'x|y', 'x', 2000, 0, ' about a ', 2],
    ],
    [
      ['c', 'older', 'x', 1, 1, 'about c', 3],
      ['z', 'unknown', 'x', 1, 1, 'about z', 4],
      ['c', 'new', 'x', 2010, 1, 'about c', 5],
    ],
  );
  expect(found).toEqual({
    columns: ['GENRE categorical', 'YEAR numeric', 'ABOUT textual'],
    rowCount: 3,
    rows: [
      ['x|y', 2000, 'about a'],
      [null, null, null],
      ['new', 2010, 'about c'],
    ],
  });
});

it('leaves out a text that fewer than 85 % of the records have', async () => {
  const records = (filled: number) =>
    Array.from({ length: 20 }, (_, n) => [`i${n}`, n < filled ? 'text' : n % 2 ? '' : null]);
  expect((await read([textual('ABOUT')], records(17)))?.columns).toEqual(['ABOUT textual']);
  expect(await read([textual('ABOUT')], records(16))).toBeUndefined();
});

it('is nothing without a column to learn from', async () => {
  expect(await read([field('PLAIN')], [['a', 'x']])).toBeUndefined();
});
