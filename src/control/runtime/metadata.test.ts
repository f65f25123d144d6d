import { expect, it } from 'vitest';
import { columnsNamed, metadataOf, wantedColumns } from './metadata.ts';

const wanted = (metadataColumns: Record<string, string[]>) => wantedColumns(metadataColumns, 3);

it('takes columns of items alone, and only so many', () => {
  expect(wanted({ ITEMS: ['TITLE', 'GENRES'] })).toEqual(['TITLE', 'GENRES']);
  expect([wantedColumns(undefined, 3), wanted({}), wanted({ ITEMS: [] })]).toEqual([undefined, undefined, undefined]);
  expect(() => wanted({ ITEMS: ['A', 'B', 'C', 'D'] })).toThrow('metadataColumns must name no more than 3 columns.');
  expect(() => wanted({ Items: ['A'] })).toThrow('metadataColumns names Items; the only dataset is ITEMS.');
  expect(() => wanted({ USERS: [] })).toThrow('metadataColumns names USERS; the only dataset is ITEMS.');
});

it('finds columns of the schema in any case, each once', () => {
  const fields = [{ name: 'ITEM_ID' }, { name: 'TITLE' }, { name: 'Year' }];
  expect([...columnsNamed(['title', 'YEAR', 'TITLE'], fields)]).toEqual(['TITLE', 'Year']);
  expect(() => columnsNamed(['TITLE', 'PLOT'], fields)).toThrow(
    'metadataColumns names PLOT, which the Items dataset does not have.',
  );
  expect(() => columnsNamed(['TITLE'], undefined)).toThrow(
    'metadataColumns needs an Items dataset, which the dataset group does not have.',
  );
});

it('answers values as they are stored under names in lower case, without those that are missing', () => {
  const cells = new Map([
    ['GENRES', 'Action|Comedy'],
    ['RELEASE_YEAR', '1999'],
    ['PLOT', 'é'.repeat(20_001)],
    ['__proto__', 'x'],
  ]);
  const items = { rowOf: (id: string) => (id === 'a' ? 0 : -1), textAt: (_: number, name: string) => cells.get(name) };
  const columns = new Set(['GENRES', 'RELEASE_YEAR', 'TITLE', 'PLOT', '__proto__', 'ITEM_ID']);
  const metadata = metadataOf(items, columns, 'a');
  expect(Object.keys(metadata)).toEqual(['genres', 'release_year', 'plot', '__proto__', 'item_id']);
  expect(metadata).toMatchObject({ genres: 'Action|Comedy', release_year: '1999', item_id: 'a' });
  expect(metadata.plot).toHaveLength(20_000);
  expect(metadataOf(items, columns, 'unknown')).toEqual({ item_id: 'unknown' });
});
