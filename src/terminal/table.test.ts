import { expect, test } from 'vitest';
import { table } from './table.ts';

test('columns are as wide as their widest cell, cut at their limit, aligned as asked', () => {
  const text = table(
    [{ title: 'n', align: 'right' }, { title: 'film', limit: 10 }, { title: 'year' }],
    [
      ['9', 'Short', '1999'],
      ['10', 'A lengthy title', '2001'],
    ],
  );
  expect(text.split('\n')).toEqual([
    '   n  film        year',
    '  ──  ──────────  ────',
    '   9  Short       1999',
    '  10  A lengthy…  2001',
    '',
  ]);
});
