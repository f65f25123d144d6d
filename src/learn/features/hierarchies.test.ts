import { expect, it } from 'vitest';
import type { Cell } from './column.ts';
import { rowEncoder } from './encoder.ts';
import { chainsOf } from './hierarchies.ts';
import { learnFeatures } from './learn-features.ts';

const columnsNamed = (...names: string[]) => names.map((name) => ({ name, kind: 'categorical' as const }));
const shop = columnsNamed('CATEGORY_L1', 'BRAND', 'CATEGORY_L2', 'CATEGORY_L3');

/** The values of each cell, chains with `>`. */
const chained = (columns: typeof shop, cells: readonly Cell[]) =>
  chainsOf(columns)?.(cells).map((cell) => (typeof cell === 'string' ? cell.replaceAll('\u001f', '>') : cell));

it('puts an item of two chains into both, and into none that crosses them', () => {
  // The example of the service's guide.
  expect(chained(shop, ['Electronics|Productivity', 'b', 'Productivity|Computers', 'Mouse'])).toEqual([
    'Electronics|Productivity',
    'b',
    'Productivity|Computers|Electronics>Productivity|Productivity>Computers',
    'Mouse|Electronics>Productivity>Mouse',
  ]);
  expect(chained(columnsNamed('GENRE_L3', 'GENRE_L2', 'GENRES'), ['x', ' p | q ', 'a |b'])).toEqual([
    'x|a>p>x',
    'p|q|a>p|b>q',
    'a |b',
  ]);
});

it('ends a chain where a level says nothing, and needs two levels', () => {
  expect(chained(shop, ['a', 'b', null, 'z'])).toEqual(['a', 'b', null, 'z']);
  expect(chained(shop, ['a|b', null, '|p|q', null])).toEqual(['a|b', null, '|p|q|b>p', null]);
  expect(chained(shop, [null, null, 'p', 'x'])).toEqual([null, null, 'p', 'x']);
  expect(chained(columnsNamed('CATEGORY_L1', 'CATEGORY_L3', 'GENRES'), ['a', 'x', 'b'])).toBeUndefined();
  expect(
    chainsOf([
      { name: 'CATEGORY_L1', kind: 'categorical' },
      { name: 'CATEGORY_L2', kind: 'textual' },
    ]),
  ).toBe(undefined);
});

it('has models tell values by what is above them, in rows that come later too', async () => {
  const columns = columnsNamed('CATEGORY_L1', 'CATEGORY_L2');
  const rows = [
    ['home|garden', 'lamps|tools'],
    ['garden|home', 'tools|lamps'],
    ['home|garden', 'tools|lamps'],
    ['garden', 'lamps'],
    ['home', 'tools'],
    ['car', 'wheels'],
  ];
  const metadata = {
    columns,
    rowCount: rows.length,
    async *rows(every: number) {
      for (let row = 0; row < rows.length; row += every) yield rows[row];
    },
  };
  const features = await learnFeatures(metadata);
  if (!features) throw new Error('There are features.');
  const encode = rowEncoder(features.encoder);
  const same = ([a, b]: [string, string], [c, d]: [string, string]) => {
    const [one, other] = [encode([a, b]), encode([c, d])];
    return one.every((value, n) => Math.abs(value - other[n]) < 1e-5);
  };
  // The order of chains says nothing, and what belongs together does.
  expect(same(['home|garden', 'lamps|tools'], ['garden|home', 'tools|lamps'])).toBe(true);
  expect(same(['home|garden', 'lamps|tools'], ['home|garden', 'tools|lamps'])).toBe(false);
});
