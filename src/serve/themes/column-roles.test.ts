import { expect, it } from 'vitest';
import { asName, inSentence, isReadable, roleOf } from './column-roles.ts';

it('knows by its name what a column says', () => {
  const columns = ['GENRES', 'COLOR', 'BRAND', 'COUNTRY', 'LANGUAGE', 'TARGET_GENDER', 'CAST', 'WHATEVER'];
  expect(columns.map(roleOf)).toEqual([
    ...['kind', 'quality', 'maker', 'place', 'language', 'audience', 'part', 'kind'],
  ]);
});

it('takes values that people can read', () => {
  for (const value of ['Comedy', 'Sci-Fi', 'IMAX', 'R&B', 'Science fiction', 'Film-Noir', '映画', 'Kids & family']) {
    expect([value, isReadable(value)]).toEqual([value, true]);
  }
  const codes = ['c12', 'A-17', '12', 'xkcd', '(no genres listed)', 'None', 'n/a', 'other', '', 'a'.repeat(41)];
  for (const value of [...codes, '<b>x</b>', 'x_y', 'https://example.com']) {
    expect([value, isReadable(value)]).toEqual([value, false]);
  }
});

it('writes values as they stand within a sentence', () => {
  expect(['Comedy', 'IMAX', 'french drama', 'Sci-Fi', 'iPhone'].map(inSentence)).toEqual([
    ...['comedy', 'IMAX', 'French drama', 'sci-fi', 'iPhone'],
  ]);
  expect(['miles davis', 'bell hooks Jr', 'anne-marie'].map(asName)).toEqual([
    ...['Miles Davis', 'bell hooks Jr', 'Anne-Marie'],
  ]);
});
