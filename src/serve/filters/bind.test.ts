import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bindFilter } from './bind.ts';
import { FilterValuesError } from './filter-error.ts';
import { type FilterValues, valuesOf } from './filter-values.ts';
import { read } from './filters.fixture.ts';

const bind = (expression: string, values: FilterValues) => bindFilter(read(expression), values);

/** What stands to the right in each condition and test of a bound filter. */
function operands(expression: string, values: FilterValues): unknown[] {
  return bind(expression, values).clauses.flatMap(({ where, tests }) =>
    [...where.anyOf.flat(), ...tests].map(({ right }) => (right.kind === 'values' ? right.values : right.kind)),
  );
}

describe('an entry of filterValues', () => {
  test.each([
    ['"comedy"', ['comedy']],
    ['"comedy","drama" ,\n "horror"', ['comedy', 'drama', 'horror']],
    ['20', ['20']],
    [' "20" ', ['20']],
    ['comedy, science fiction ,drama', ['comedy', 'science fiction', 'drama']],
    ['"value1, value2"', ['value1, value2']],
    [String.raw`"12\" vinyl","C:\\","a\b"`, ['12" vinyl', 'C:\\', 'a\\b']],
    ['12" vinyl', ['12" vinyl']],
    ["'comedy'", ["'comedy'"]],
    ['"😀","日本",""', ['😀', '日本', '']],
    [`"${'x'.repeat(998)}"`, ['x'.repeat(998)]],
    ['   ', undefined],
  ])('%s is %j', (entry, expected) => {
    expect(valuesOf({ P: entry }, 'P')).toEqual(expected);
  });

  test.each([
    ['"comedy', 'a quote that is not closed'],
    [String.raw`"comedy\"`, 'a quote that is not closed'],
    ['"comedy" drama', 'text after a closing quote'],
    ['"comedy",', 'lacks a value before or after a comma'],
    ['a,,b', 'lacks a value before or after a comma'],
    [`"${'x'.repeat(999)}"`, 'more than 1000 characters'],
  ])('%s is refused', (entry, reason) => {
    expect(() => valuesOf({ P: entry }, 'P')).toThrow(reason);
  });

  test('holds any values, quoted with escapes', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { minLength: 1, maxLength: 9 }), (values) => {
        const entry = values.map((value) => `"${value.replaceAll(/["\\]/g, '\\$&')}"`).join(',');
        expect(valuesOf({ P: entry }, 'P')).toEqual(values);
      }),
    );
  });

  test('is read or refused whatever it is', () => {
    const pieces = fc.array(fc.constantFrom('"', '\\', ',', ' ', 'a', '\n', '😀', "'"), { maxLength: 40 });
    fc.assert(
      fc.property(pieces, (some) => {
        try {
          valuesOf({ P: some.join('') }, 'P');
        } catch (error) {
          expect(error).toBeInstanceOf(FilterValuesError);
        }
      }),
    );
  });
});

test('a missing value fails an INCLUDE clause and leaves an EXCLUDE clause out', () => {
  const filter = 'INCLUDE ItemID WHERE Items.YEAR > $Y | EXCLUDE ItemID WHERE Items.GENRE IN ($G) OR Items.TITLE = $T';
  expect(operands(filter, { Y: '1', G: 'a', T: 'b' })).toEqual([['1'], ['a'], ['b']]);
  expect(operands(filter, { Y: '1', G: 'a' })).toEqual([['1']]);
  expect(operands(filter, { Y: '1', G: ' ', T: 'b' })).toEqual([['1']]);
  expect(() => bind(filter, { G: 'a', T: 'b' })).toThrow('needs a value for the parameter Y');
});

test('placeholders after IF belong to their clause', () => {
  const test = 'WHERE Items.YEAR = 1 IF CurrentUser.TIER = $T AND CurrentUser.AGE IN ($A)';
  expect(operands(`EXCLUDE ItemID ${test}`, { T: 'gold', A: '1,2' })).toEqual([['1'], ['gold'], ['1', '2']]);
  expect(operands(`EXCLUDE ItemID ${test}`, { T: 'gold' })).toEqual([]);
  expect(() => bind(`INCLUDE ItemID ${test}`, { T: 'gold' })).toThrow('parameter A');
});

test('names of placeholders have their case, and entries that the filter does not use are ignored', () => {
  expect(() => bind('INCLUDE ItemID WHERE Items.YEAR > $Y', { y: '1' })).toThrow('parameter Y');
  expect(operands('INCLUDE ItemID WHERE Items.YEAR > $Y', { y: '"', Y: '1' })).toEqual([['1']]);
  expect(() => bind('INCLUDE ItemID WHERE Items.YEAR > $__proto__', {})).toThrow('parameter __proto__');
});

test('a comparison takes one value, IN several', () => {
  expect(() => bind('INCLUDE ItemID WHERE Items.YEAR > $Y', { Y: '1,2' })).toThrow(
    'takes one value, but filterValues has 2',
  );
  expect(() => bind('EXCLUDE ItemID WHERE Items.TITLE = $T', { T: 'a,b' })).toThrow('takes one value');
  expect(operands('INCLUDE ItemID WHERE Items.YEAR IN ($Y)', { Y: '1,"2"' })).toEqual([['1', '2']]);
});

test.each(['abc', '', '0x10', 'Infinity', 'NaN', '1 2', '٣', '1_000'])('"%s" is no number', (value) => {
  const fails = expect(() => bind('EXCLUDE ItemID WHERE Items.PRICE < $P', { P: `"${value}"` }));
  fails.toThrow(`The parameter P is a number, but filterValues has "${value}"`);
});

test.each(['-1', '+1', '1.5', '.5', '5.', '1e3', '1E-400', '9'.repeat(900)])('%s is a number', (value) => {
  expect(operands('EXCLUDE ItemID WHERE Items.PRICE < $P', { P: value })).toEqual([[value]]);
});

test('event types come by a placeholder, and a star alone is any', () => {
  const filter = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ($T)';
  expect(operands(filter, { T: '"buy","*"' })).toEqual([['buy', '*']]);
  expect(operands(filter, { T: '"*"' })).toEqual(['any-event']);
});

test('more than 25 entries are refused', () => {
  const entries = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`P${n}`, '1']));
  const filter = 'INCLUDE ItemID WHERE Items.YEAR > $P0';
  expect(operands(filter, entries(25))).toEqual([['1']]);
  expect(() => bind(filter, entries(26))).toThrow('filterValues has 26 entries, and 25 is the most');
});
