import { expect, test } from 'vitest';
import type { RowColumn } from '../../data/views/attributes/columns.ts';
import { eligibleCount } from '../../learn/model/item-mask.ts';
import { CompiledFilter } from './compiled-filter.ts';
import { keptRows } from './evaluate.reference.ts';
import { read } from './filters.fixture.ts';
import { columnar } from './rows.arbitrary.ts';
import type { FilterRequest } from './where-mask.ts';

const nobody: FilterRequest = { events: new Map(), user: undefined, currentItem: undefined };
const rows = columnar([{ YEAR: 1990 }, { YEAR: 2000 }, { YEAR: 2010 }], [{ name: 'YEAR', type: 'int' }]);

function kept(expression: string, request: FilterRequest = nobody, of = rows): number[] {
  const mask = new CompiledFilter(read(expression), of).evaluate({}, request);
  return Array.from({ length: of.count }, (_, row) => row).filter((row) => mask.has(row));
}

test.each(['Items.PRICE', 'Items.GENRE'])('%s, which a newer schema lacks, is without a value', (field) => {
  const operand = field === 'Items.PRICE' ? '5' : '"a"';
  expect(kept(`INCLUDE ItemID WHERE ${field} = ${operand}`)).toEqual([]);
  expect(kept(`INCLUDE ItemID WHERE ${field} != ${operand}`)).toEqual([0, 1, 2]);
  expect(kept(`INCLUDE ItemID WHERE ${field} NOT IN (${operand})`)).toEqual([0, 1, 2]);
  expect(kept(`EXCLUDE ItemID WHERE ${field} IN (${operand})`)).toEqual([0, 1, 2]);
});

test('so is a column that has become one of another kind', () => {
  const texts = columnar([{ YEAR: 'old' }], [{ name: 'YEAR', type: 'string', categorical: false }]);
  expect(kept('INCLUDE ItemID WHERE Items.YEAR < 2020', nobody, texts)).toEqual([]);
  expect(kept('INCLUDE ItemID WHERE Items.YEAR != 2020', nobody, texts)).toEqual([0]);
  const ages = columnar([{ AGE: 'old' }], [{ name: 'AGE', type: 'string', categorical: false }]);
  const request = { ...nobody, user: { rows: ages, row: 0 } };
  expect(kept('EXCLUDE ItemID WHERE Items.YEAR < 2020 IF CurrentUser.AGE != 5', request)).toEqual([0, 1, 2]);
});

test('there may be no rows', () => {
  expect(kept('INCLUDE ItemID WHERE Items.YEAR < 2020', nobody, { count: 0, column: () => undefined })).toEqual([]);
});

test('what is the same for all requests is evaluated once', () => {
  const asked: string[] = [];
  const watched = {
    count: rows.count,
    column(name: string): RowColumn | undefined {
      asked.push(name);
      return rows.column(name);
    },
  };
  const filter = read('INCLUDE ItemID WHERE Items.YEAR > 1995 | EXCLUDE ItemID WHERE Items.YEAR = $Y');
  const compiled = new CompiledFilter(filter, watched);
  expect(asked).toEqual(['YEAR']);
  expect(eligibleCount(compiled.evaluate({}, nobody))).toBe(2);
  expect(asked).toEqual(['YEAR']);
  expect(eligibleCount(compiled.evaluate({ Y: '2000' }, nobody))).toBe(1);
  expect(eligibleCount(compiled.evaluate({ Y: '1999' }, nobody))).toBe(2);
  expect(asked).toEqual(['YEAR', 'YEAR', 'YEAR']);
});

test('a list of many numbers is a list of few, only longer', () => {
  const years = Array.from({ length: 200 }, (_, n) => 1800 + 2 * n);
  expect(kept(`INCLUDE ItemID WHERE Items.YEAR IN (${years.join(', ')}, 2010, 2010)`)).toEqual([0, 1, 2]);
  expect(kept(`INCLUDE ItemID WHERE Items.YEAR NOT IN (${years.map((year) => year + 1).join(', ')})`)).toEqual([
    0, 1, 2,
  ]);
});

test('a float and a long are equal that are the same whole number, however JavaScript writes it', () => {
  const row = { CREATION_TIMESTAMP: -(2n ** 63n), PRICE: -(2 ** 63) };
  const numbers = columnar(
    [row],
    [
      { name: 'CREATION_TIMESTAMP', type: 'long' },
      { name: 'PRICE', type: 'float' },
    ],
  );
  const expression = 'INCLUDE ItemID WHERE Items.CREATION_TIMESTAMP = CurrentItem.PRICE';
  expect(kept(expression, { ...nobody, currentItem: 0 }, numbers)).toEqual([0]);
  const plain = { rows: [row], events: [], user: undefined, currentItem: row };
  expect(keptRows(read(expression), {}, plain)).toEqual([true]);
});
