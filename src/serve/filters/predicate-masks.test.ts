import { expect, test } from 'vitest';
import { CompiledFilter } from './compiled-filter.ts';
import { read } from './filters.fixture.ts';
import { PredicateMasks } from './predicate-masks.ts';
import { columnar } from './rows.arbitrary.ts';

test('tells predicates of different columns, operators and values apart', () => {
  const rows = [
    { YEAR: 1990, TITLE: 'x,y', GENRE: 'x,y' },
    { YEAR: 2000, TITLE: 'x', GENRE: 'x|y' },
    { YEAR: null, TITLE: null, GENRE: null },
  ];
  const columned = columnar(rows, [
    { name: 'YEAR', type: 'int' },
    { name: 'TITLE', type: 'string', categorical: false },
    { name: 'GENRE', type: 'string', categorical: true },
  ]);
  const masks = new PredicateMasks(columned);
  const kept = (condition: string) => {
    const compiled = new CompiledFilter(read(`INCLUDE ItemID WHERE Items.${condition}`), columned, masks);
    const mask = compiled.evaluate({ N: '2000', T: '"x,y"' }, { events: new Map(), user: undefined, currentItem: 0 });
    return rows.flatMap((_, row) => (mask.has(row) ? [row] : []));
  };
  const expected = {
    'YEAR = $N': [1],
    'YEAR != $N': [0, 2],
    'YEAR >= $N': [1],
    'YEAR <= $N': [0, 1],
    'YEAR < CurrentItem.YEAR': [],
    'TITLE IN ($T)': [0],
    'TITLE != $T': [1, 2],
    'TITLE IN CurrentItem.TITLE': [0],
    'GENRE IN ($T)': [0],
    'GENRE NOT IN CurrentItem.GENRE': [1, 2],
  };
  for (const time of [1, 2]) {
    for (const [condition, some] of Object.entries(expected))
      expect([time, condition, kept(condition)]).toEqual([time, condition, some]);
  }
});
