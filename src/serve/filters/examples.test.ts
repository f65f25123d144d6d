import { describe, expect, test } from 'vitest';
import { CompiledFilter } from './compiled-filter.ts';
import type { PlainRow } from './evaluate.reference.ts';
import type { Column } from './filter.ts';
import type { FilterValues } from './filter-values.ts';
import { read, refusal, schema } from './filters.fixture.ts';
import { needsOf } from './needs.ts';
import { columnar } from './rows.arbitrary.ts';
import type { Subject } from './syntax.ts';
import type { FilterRequest } from './where-mask.ts';

/*
 * The table of examples of the specification (filters.md §8), by its numbers: what each expression keeps, or why it is
 * refused.
 */

const text = (name: string, categorical = false): Column => ({ name, type: 'string', categorical });
const itemColumns: readonly Column[] = [
  text('ITEM_ID'),
  text('GENRE', true),
  { name: 'PRICE', type: 'float' },
  { name: 'YEAR', type: 'int' },
  text('IN_STOCK'),
  text('TITLE'),
  { name: 'CREATION_TIMESTAMP', type: 'long' },
];
const items: readonly PlainRow[] = [
  item('alien', 'Horror|Drama', 9.99, 1979, 'yes', 'Alien', 100n),
  item('heat', 'Drama', 25, 1995, 'no', 'Heat', 200n),
  item('up', 'Comedy', 0, 2009, 'yes', 'Up', 300n),
  item('news', 'News', 20, 2021, 'yes', 'Today', 400n),
  item('lux', 'Lux|Action|Comedy', 100, 2004, null, 'Lux', 500n),
  item('bare', null, null, null, null, null, null),
];

function item(
  id: string,
  genre: string | null,
  price: number | null,
  year: number | null,
  stock: string | null,
  title: string | null,
  created: bigint | null,
): PlainRow {
  const rounded = price === null ? null : Math.fround(price);
  return {
    ITEM_ID: id,
    GENRE: genre,
    PRICE: rounded,
    YEAR: year,
    IN_STOCK: stock,
    TITLE: title,
    CREATION_TIMESTAMP: created,
  };
}

const userColumns: readonly Column[] = [text('USER_ID'), text('TIER', true), { name: 'AGE', type: 'int' }];
const users: readonly PlainRow[] = [
  { USER_ID: 'kid', TIER: 'basic', AGE: 9 },
  { USER_ID: 'ann', TIER: 'gold|early', AGE: 30 },
  { USER_ID: 'nobody', TIER: null, AGE: null },
];
const actionColumns: readonly Column[] = [text('ACTION_ID'), text('KIND', true), { name: 'VALUE', type: 'long' }];
const actions: readonly PlainRow[] = [
  { ACTION_ID: 'join', KIND: 'Premium', VALUE: 5n },
  { ACTION_ID: 'rate', KIND: 'Basic', VALUE: 1n },
];

type Ask = { readonly values?: FilterValues; readonly user?: string; readonly current?: string };
const events = { buy: ['alien'], view: ['alien', 'heat'], Rate: ['up'], like: ['news'] };

/** The ids that an expression keeps, in a request of Ann, who has the events above. */
function kept(expression: string, { values = {}, user = 'ann', current }: Ask = {}): string[] {
  const filter = read(expression);
  const { rows, columns, id } = {
    ItemID: { rows: items, columns: itemColumns, id: 'ITEM_ID' },
    UserID: { rows: users, columns: userColumns, id: 'USER_ID' },
    ActionID: { rows: actions, columns: actionColumns, id: 'ACTION_ID' },
  }[filter.subject];
  const ids = rows.map((row) => String(row[id]));
  const eventsOf: Record<Subject, Record<string, readonly string[]>> = {
    ItemID: events,
    UserID: { churn: ['kid'] },
    ActionID: { VIEWED: ['rate'] },
  };
  const had = Object.entries(eventsOf[filter.subject]);
  const userRow = users.findIndex(({ USER_ID }) => USER_ID === user);
  const request: FilterRequest = {
    events: new Map(had.map(([type, some]) => [type, some.map((each) => ids.indexOf(each))])),
    user: userRow === -1 ? undefined : { rows: columnar(users, userColumns), row: userRow },
    currentItem: current === undefined ? undefined : ids.indexOf(current),
  };
  const mask = new CompiledFilter(filter, columnar(rows, columns)).evaluate(values, request);
  return ids.filter((_, row) => mask.has(row));
}

const all = ['alien', 'heat', 'up', 'news', 'lux', 'bare'];
const without = (...ids: readonly string[]) => all.filter((id) => !ids.includes(id));

describe('keeps', () => {
  test.each<[number, string, string[], Ask?]>([
    [1, 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("buy")', without('alien')],
    [2, 'INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch", "rate")', ['up']],
    [3, 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")', ['lux', 'bare']],
    [4, 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN (*)', ['lux', 'bare']],
    [5, 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("BUY")', without('alien')],
    [6, 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE NOT IN ("view")', ['heat', 'lux', 'bare']],
    [7, 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ($TYPES)', all],
    [
      7,
      'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ($TYPES)',
      without('alien', 'up'),
      { values: { TYPES: '"buy","rate"' } },
    ],
    [10, 'INCLUDE ItemID WHERE Items.GENRE IN ("Comedy")', ['up', 'lux']],
    [11, 'INCLUDE ItemID WHERE Items.GENRE IN ("comedy")', []],
    [12, 'INCLUDE ItemID WHERE Items.GENRE IN ($G)', ['alien', 'news'], { values: { G: '"Horror", "News"' } }],
    [13, 'EXCLUDE ItemID WHERE Items.GENRE IN ($G)', without('news'), { values: { G: 'News' } }],
    [13, 'EXCLUDE ItemID WHERE Items.GENRE IN ($G)', all],
    [15, 'EXCLUDE ItemID WHERE Items.GENRE NOT IN ("News", "Sport")', ['news']],
    [16, 'INCLUDE ItemID WHERE Items.PRICE <= 20', ['alien', 'up', 'news']],
    [17, 'EXCLUDE ItemID WHERE Items.PRICE > 20', without('heat', 'lux')],
    [18, 'INCLUDE ItemID WHERE Items.PRICE <= $MAX', ['alien', 'up'], { values: { MAX: '"9.99"' } }],
    [19, 'INCLUDE ItemID WHERE Items.PRICE <= ($MAX)', ['up'], { values: { MAX: '9.98' } }],
    [20, 'INCLUDE ItemID WHERE Items.YEAR >= 2001 AND Items.YEAR <= 2009', ['up', 'lux']],
    [22, 'INCLUDE ItemID WHERE Items.CREATION_TIMESTAMP > $SINCE', ['news', 'lux'], { values: { SINCE: '300' } }],
    [23, 'INCLUDE ItemID WHERE Items.PRICE != 0', without('up')],
    [24, 'INCLUDE ItemID WHERE Items.GENRE IN ("Drama") OR Items.YEAR > 2020', ['alien', 'heat', 'news']],
    [
      27,
      'INCLUDE ItemID WHERE Items.GENRE IN ("Drama") | EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("buy")',
      ['heat'],
    ],
    [
      28,
      'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("buy") | INCLUDE ItemID WHERE Items.GENRE IN ("Drama")',
      ['heat'],
    ],
    [
      29,
      'INCLUDE ItemID WHERE Items.GENRE IN ($G) | INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("like")',
      ['alien', 'news'],
      { values: { G: '"Horror"' } },
    ],
    [
      30,
      'EXCLUDE ItemID WHERE Items.IN_STOCK IN ("no") | EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("buy")',
      without('heat', 'alien'),
    ],
    [33, 'INCLUDE ItemID WHERE Items.TITLE IN ("Alien")', ['alien']],
    [34, 'EXCLUDE ItemID WHERE Items.GENRE IN ("Horror") IF CurrentUser.AGE < 16', without('alien'), { user: 'kid' }],
    [34, 'EXCLUDE ItemID WHERE Items.GENRE IN ("Horror") IF CurrentUser.AGE < 16', all, { user: 'ann' }],
    [34, 'EXCLUDE ItemID WHERE Items.GENRE IN ("Horror") IF CurrentUser.AGE < 16', all, { user: 'nobody' }],
    [34, 'EXCLUDE ItemID WHERE Items.GENRE IN ("Horror") IF CurrentUser.AGE < 16', all, { user: 'unknown' }],
    [
      35,
      'EXCLUDE ItemID WHERE Items.GENRE IN ($G) IF CurrentUser.TIER = $T',
      without('news'),
      { values: { G: '"News"', T: '"gold"' } },
    ],
    [
      36,
      'INCLUDE ItemID WHERE Items.GENRE IN ("Lux") IF CurrentUser.AGE > 18 AND CurrentUser.TIER IN ("gold")',
      ['lux'],
    ],
    [43, 'INCLUDE ItemID WHERE Items.GENRE IN CurrentItem.GENRE', ['up', 'lux'], { current: 'lux' }],
    [43, 'INCLUDE ItemID WHERE Items.GENRE IN CurrentItem.GENRE', [], { current: 'bare' }],
    [
      44,
      'INCLUDE ItemID WHERE Items.YEAR >= CurrentItem.YEAR AND Items.GENRE IN CurrentItem.GENRE',
      ['up', 'lux'],
      { current: 'lux' },
    ],
    [48, 'INCLUDE UserID WHERE Users.AGE >= $MIN_AGE', ['ann'], { values: { MIN_AGE: '"18"' } }],
    [
      49,
      'INCLUDE UserID WHERE Users.TIER IN ("gold", "basic") | EXCLUDE UserID WHERE Interactions.EVENT_TYPE IN ("churn")',
      ['ann'],
    ],
    [51, 'INCLUDE ActionID WHERE Actions.VALUE > ($V)', ['join'], { values: { V: '"1"' } }],
    [52, 'INCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ("VIEWED")', ['rate']],
    [
      53,
      'INCLUDE ActionID WHERE Actions.KIND IN ("Premium") IF CurrentUser.TIER = $P',
      ['join'],
      { values: { P: '"gold"' } },
    ],
    [56, 'exclude itemId where INTERACTIONS.event_type in ("buy")', without('alien')],
    [57, "EXCLUDE ItemID WHERE Items.IN_STOCK IN ('no')", without('heat')],
    [62, 'INCLUDE ItemID WHERE Items.GENRE IN ("*")', []],
  ])('%i: %s', (_, expression, expected, ask) => {
    expect(kept(expression, ask)).toEqual(expected);
  });
});

describe('refuses', () => {
  test.each<[number, string, string, string]>([
    [
      8,
      'EXCLUDE ItemID WHERE Interactions.DEVICE IN ("tv")',
      'EVENT_TYPE is the only field of Interactions',
      'DEVICE IN ("tv")',
    ],
    [9, 'EXCLUDE ItemID WHERE Interactions.EVENT_VALUE > 3', 'EVENT_TYPE is the only field', 'EVENT_VALUE > 3'],
    [
      14,
      'INCLUDE ItemID WHERE Items.GENRE NOT IN ($G)',
      'Invalid input symbol: $G. Placeholders are not allowed with NOT_IN operator.',
      '$G)',
    ],
    [21, 'INCLUDE ItemID WHERE Items.YEAR BETWEEN 2001 AND 2005', 'expected an operator', 'BETWEEN 2001 AND 2005'],
    [
      25,
      'INCLUDE ItemID WHERE (Items.YEAR > 2020 OR Items.YEAR < 1960) AND Items.PRICE < 5',
      'parentheses',
      '(Items.YEAR > 2020 OR Items.YEAR < 1960) AND Items.PRICE < 5',
    ],
    [
      26,
      'INCLUDE ItemID WHERE Items.GENRE IN ("Drama") AND Interactions.EVENT_TYPE IN ("view")',
      'Interactions cannot be joined with Items',
      'Interactions.EVENT_TYPE IN ("view")',
    ],
    [31, 'EXCLUDE ItemID WHERE Items.LIVE IN ("true")', 'Items.LIVE is a boolean', 'LIVE IN ("true")'],
    [32, 'EXCLUDE ItemID WHERE Items.PLOT IN ("boat")', 'Items.PLOT is textual', 'PLOT IN ("boat")'],
    [
      37,
      'INCLUDE ItemID WHERE Items.GENRE IN ("Lux") IF CurrentUser.AGE > 18 OR CurrentUser.TIER IN ("gold")',
      'joined by AND alone',
      'OR CurrentUser.TIER IN ("gold")',
    ],
    [38, 'INCLUDE ItemID WHERE CurrentUser.AGE > 18', 'after IF alone', 'CurrentUser.AGE > 18'],
    [
      39,
      'EXCLUDE ItemID IF CurrentUser.AGE > 18 WHERE Items.YEAR < 1980',
      'IF comes last',
      'IF CurrentUser.AGE > 18 WHERE Items.YEAR < 1980',
    ],
    [
      40,
      'EXCLUDE ItemID WHERE Items.YEAR < 1980 IF CurrentUser.AGE > 18 IF CurrentUser.TIER IN ("x")',
      'a clause has only one IF',
      'IF CurrentUser.TIER IN ("x")',
    ],
    [
      41,
      'EXCLUDE ItemID WHERE Items.YEAR < 1980 IF CurrentItem.YEAR > 2000',
      'expected CurrentUser',
      'CurrentItem.YEAR > 2000',
    ],
    [
      42,
      'EXCLUDE ItemID WHERE Items.YEAR < 1980 IF CurrentUser.VIP = 1',
      'Users.VIP is a boolean',
      'CurrentUser.VIP = 1',
    ],
    [
      45,
      'INCLUDE ItemID WHERE CurrentItem.PRICE > Items.PRICE',
      'to the right of an operator',
      'CurrentItem.PRICE > Items.PRICE',
    ],
    [
      46,
      'INCLUDE ItemID WHERE Items.GENRE IN (CurrentItem.GENRE)',
      'expected a number or a text',
      'CurrentItem.GENRE)',
    ],
    [50, 'INCLUDE UserID WHERE Items.GENRE IN ("Drama")', 'not on Items', 'Items.GENRE IN ("Drama")'],
    [54, 'EXCLUDE ActionID WHERE Actions.REPEAT_FREQUENCY > 3', 'applied without a filter', 'REPEAT_FREQUENCY > 3'],
    [
      55,
      'EXCLUDE ActionID WHERE Interactions.EVENT_TYPE IN ("buy") AND Actions.VALUE > 3',
      'cannot be joined',
      'Actions.VALUE > 3',
    ],
    [58, 'EXCLUDE ItemID WHERE Items.IN_STOCK IN (no)', 'expected a number or a text in quotes', 'no)'],
    [59, 'INCLUDE ItemID WHERE Items.GENRE IN ($A, $B)', 'a placeholder stands alone', ', $B)'],
    [60, 'INCLUDE ItemID WHERE Items.GENRE IN ()', 'expected a number or a text in quotes', ')'],
    [61, 'INCLUDE ItemID', 'expected WHERE, but found the end', ''],
  ])('%i: %s', (_, expression, reason, at) => {
    const refused = refusal(expression);
    expect(refused.reason).toContain(reason);
    expect(refused.at).toBe(at);
  });

  test('12: without a value for its placeholder', () => {
    expect(() => kept('INCLUDE ItemID WHERE Items.GENRE IN ($G)')).toThrow('needs a value for the parameter G');
  });

  test('63: a filter that names 11 different fields', () => {
    const names = Array.from({ length: 11 }, (_, n) => `F${n}`);
    const group = { ITEMS: schema(...names.map((name) => `${name} int`)) };
    const expression = (count: number) =>
      names
        .slice(0, count)
        .map((name) => `EXCLUDE ItemID WHERE Items.${name} > 1 AND Items.${name} < 9`)
        .join(' | ');
    expect(() => read(expression(10), group)).not.toThrow();
    const refused = refusal(expression(11), group);
    expect(refused).toEqual({ reason: 'more than 10 different fields are named.', at: 'F10 > 1 AND Items.F10 < 9' });
  });
});

test('47: a filter with CurrentItem says that it needs one', () => {
  expect(needsOf(read('INCLUDE ItemID WHERE Items.GENRE IN CurrentItem.GENRE'))).toMatchObject({
    itemId: true,
    userId: false,
  });
  expect(needsOf(read('INCLUDE ItemID WHERE Items.GENRE IN ("x")'))).toMatchObject({ itemId: false });
});
