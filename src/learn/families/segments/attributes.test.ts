import { describe, expect, it } from 'vitest';
import type { Cell, Metadata } from '../../features/column.ts';
import { SegmentSubjectError } from '../../model/segment-model.ts';
import { parseAttributes } from './attribute-expression.ts';
import { attributesOf, attributeTensors, everyAttribute, indexAttributes, itemsWith } from './attribute-index.ts';

const refusalOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof SegmentSubjectError) return error.message;
    throw error;
  }
  return 'It was not refused.';
};

describe('parseAttributes', () => {
  it.each([
    ['ITEMS.genres = "Comedy"', [['genres', 'Comedy']]],
    [
      "items . GENRE='Film Noir' and ITEMS.YEAR=1994",
      [
        ['GENRE', 'Film Noir'],
        ['YEAR', 1994],
      ],
    ],
    [
      'ITEMS.A = "it\\"s \\\\" AND ITEMS.B = -2.5e3',
      [
        ['A', 'it"s \\'],
        ['B', -2500],
      ],
    ],
    ['  ITEMS.名 = "x"', undefined],
    ['ITEMS.KIND = "喜劇 🎬"', [['KIND', '喜劇 🎬']]],
  ] as const)('reads %s', (expression, expected) => {
    if (!expected) return expect(refusalOf(() => parseAttributes(expression))).toContain('at character 3');
    return expect(parseAttributes(expression).map(({ column, value }) => [column, value])).toEqual(expected);
  });

  it.each([
    ['', 'character 1: ITEMS. and the name of a column is expected'],
    ['GENRE = "x"', 'character 1: ITEMS. and the name of a column is expected, not "GENRE = \\"x\\""'],
    ['ITEMS.GENRE > "x"', 'character 13: = is expected; attributes are compared by = alone'],
    ['ITEMS.GENRE == "x"', 'character 13: = is expected; attributes are compared by = alone'],
    ['ITEMS.GENRE IN ("x")', 'character 13: = is expected; conditions are joined by AND alone'],
    ['ITEMS.GENRE = "x', 'character 15: a text in quotes or a number is expected; the text has no end'],
    ['ITEMS.GENRE = noir', 'character 15: a text in quotes or a number is expected, not "noir"'],
    ['ITEMS.YEAR = 19x4', 'character 14: a text in quotes or a number is expected, not "19x4"'],
    ['ITEMS.GENRE = "x" OR ITEMS.GENRE = "y"', 'character 19: AND or the end is expected; conditions are joined by'],
    ['ITEMS.GENRE = "x" AND', 'character 22: ITEMS. and the name of a column is expected'],
  ])('refuses %s, and says where', (expression, sentence) => {
    expect(refusalOf(() => parseAttributes(expression))).toContain(`Invalid itemAttributes at ${sentence}`);
  });
});

const columns = [
  { name: 'GENRE', kind: 'categorical' },
  { name: 'YEAR', kind: 'numeric' },
] as const;
const cells: Cell[][] = [
  ['Comedy|Crime', 1994],
  ['Crime', 1994],
  ['Comedy|Comedy', null],
  [null, 1994.5],
];
const metadata: Metadata = {
  columns,
  rowCount: cells.length,
  async *rows() {
    yield* cells;
  },
};

describe('items with attributes', () => {
  it('are those that have all of them, also after the model was stored', async () => {
    const made = await indexAttributes(metadata);
    const stored = attributesOf({ tensors: attributeTensors(made), constants: {}, itemColumns: made.columns });
    for (const index of [made, stored]) {
      const found = (expression: string) => [...itemsWith(index, expression)];
      expect(found('ITEMS.genre = "Comedy"')).toEqual([0, 2]);
      expect(found('ITEMS.GENRE = "Crime" AND ITEMS.GENRE = "Comedy"')).toEqual([0]);
      expect(found('ITEMS.Year = 1994 AND ITEMS.genre = "Crime"')).toEqual([0, 1]);
      expect(found('ITEMS.YEAR = "1994.50"')).toEqual([3]);
      expect(found('ITEMS.GENRE = "Western"')).toEqual([]);
      expect(found('ITEMS.GENRE = "Crime" AND ITEMS.YEAR = 1994.5')).toEqual([]);
      expect(everyAttribute(index).map((list) => [...list])).toEqual([[0, 2], [0, 1], [0, 1], [3]]);
    }
  });

  it('are refused where the training knew no such column or kind of value', async () => {
    const index = await indexAttributes(metadata);
    const refused = (expression: string) => refusalOf(() => itemsWith(index, expression));
    expect(refused('ITEMS.TITLE = "x"')).toBe(
      'Invalid itemAttributes at character 7: there is no column TITLE to query; there are GENRE, YEAR.',
    );
    expect(refused('ITEMS.GENRE = 3')).toContain('character 15: GENRE holds text, so that its value stands in quotes');
    expect(refused('ITEMS.GENRE = "Crime" AND items . YAER = 1994')).toContain('character 35: there is no column YAER');
    expect(refused('ITEMS.YEAR = "old"')).toContain('character 14: YEAR holds numbers, and old is none');
    expect(refused('ITEMS.YEAR = " "')).toContain('character 14: YEAR holds numbers, and an empty text is none');
    expect(refused('ITEMS.YEAR = "0x7ca"')).toContain('character 14: YEAR holds numbers, and 0x7ca is none');
  });

  it('are found by a number of a column of type float as it was imported', async () => {
    async function* rows(): AsyncGenerator<Cell[]> {
      for (const price of [9.99, 0.1, 16_777_216]) yield [Math.fround(price)];
    }
    const index = await indexAttributes({ columns: [{ name: 'PRICE', kind: 'numeric' }], rowCount: 3, rows });
    for (const [item, price] of ['9.99', '1e-1', '"16777216"'].entries()) {
      expect([...itemsWith(index, `ITEMS.PRICE = ${price}`)]).toEqual([item]);
    }
    expect([...itemsWith(index, 'ITEMS.PRICE = 9.98')]).toEqual([]);
  });
});
