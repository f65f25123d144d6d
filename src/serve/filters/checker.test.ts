import { describe, expect, test } from 'vitest';
import { read, refusal, schema, schemas } from './filters.fixture.ts';

const { ITEMS } = schemas;

test('names get the spelling of the schemas', () => {
  const group = { ITEMS: schema('Genre categorical', 'released_On int') };
  const filter = read(
    'include ITEMID where items.GENRE in ("a") and ITEMS.RELEASED_ON in currentitem.released_on',
    group,
  );
  const column = { name: 'released_On', type: 'int' };
  expect(filter).toEqual({
    subject: 'ItemID',
    clauses: [
      {
        action: 'INCLUDE',
        where: {
          kind: 'attributes',
          dataset: 'Items',
          anyOf: [
            [
              {
                column: { name: 'Genre', type: 'string', categorical: true },
                operator: 'IN',
                right: { kind: 'values', values: ['a'] },
              },
              { column, operator: 'IN', right: { kind: 'current-item', column } },
            ],
          ],
        },
        tests: [],
      },
    ],
  });
});

describe('a filter is refused', () => {
  test.each([
    [
      'with a dataset that the group lacks',
      'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("a")',
      'no dataset Interactions',
      'EVENT_TYPE IN ("a")',
    ],
    [
      'with a user test where there are no users',
      'EXCLUDE ItemID WHERE Items.YEAR = 1 IF CurrentUser.AGE = 1',
      'no dataset Users',
      'CurrentUser.AGE = 1',
    ],
  ])('%s', (_, expression, reason, at) => {
    const refused = refusal(expression, { ITEMS });
    expect(refused.reason).toContain(reason);
    expect(refused.at).toBe(at);
  });

  test.each([
    ['with a field that the schema lacks', 'INCLUDE ItemID WHERE Items.FOO = 1', 'has no field FOO', 'FOO = 1'],
    [
      'with clauses of two subjects',
      'INCLUDE ItemID WHERE Items.YEAR = 1 | INCLUDE UserID WHERE Users.AGE = 1',
      'UserID comes after ItemID',
      'UserID WHERE Users.AGE = 1',
    ],
    [
      'with an order of strings',
      'INCLUDE ItemID WHERE Items.TITLE > "a"',
      '> compares numbers, and TITLE is a string',
      'TITLE > "a"',
    ],
    [
      'with an order of strings by a placeholder',
      'INCLUDE ItemID WHERE Items.TITLE <= $T',
      '<= compares numbers',
      'TITLE <= $T',
    ],
    [
      'with a number for a string',
      'INCLUDE ItemID WHERE Items.TITLE IN ("a", 5)',
      'TITLE is a string: write "5"',
      '5)',
    ],
    ['with a text for a number', 'INCLUDE ItemID WHERE Items.YEAR IN (5, "five")', 'YEAR is a number', '"five")'],
    ['with a star for a column', 'INCLUDE ItemID WHERE Items.TITLE IN (*)', '* stands for any event type', '*)'],
    [
      'with a star for actions',
      'INCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ("*")',
      '* stands for any event type of Interactions alone',
      '"*")',
    ],
    [
      'with an order of events',
      'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE > "a"',
      'takes IN and NOT IN',
      'EVENT_TYPE > "a"',
    ],
    [
      'with events that are not equal',
      'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE != "a"',
      'takes IN and NOT IN',
      'EVENT_TYPE != "a"',
    ],
    [
      'with events that equal a placeholder',
      'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE = $T',
      'with a placeholder IN alone',
      'EVENT_TYPE = $T',
    ],
    ['with a number for an event type', 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN (5)', 'write "5"', '5)'],
    [
      'with events of the current item',
      'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN CurrentItem.TITLE',
      'only be compared to a field of Items',
      'CurrentItem.TITLE',
    ],
    [
      'with a current item for actions',
      'INCLUDE ActionID WHERE Actions.KIND IN CurrentItem.GENRE',
      'only be compared to a field of Items',
      'CurrentItem.GENRE',
    ],
    [
      'with a current item of another kind',
      'INCLUDE ItemID WHERE Items.YEAR = CurrentItem.GENRE',
      'YEAR and GENRE cannot be compared',
      'CurrentItem.GENRE',
    ],
    [
      'with a boolean of the current item',
      'INCLUDE ItemID WHERE Items.YEAR = CurrentItem.LIVE',
      'is a boolean',
      'CurrentItem.LIVE',
    ],
    [
      'with a test of the user among users',
      'INCLUDE UserID WHERE Users.AGE > 1 IF CurrentUser.AGE > 1',
      'no current user',
      'CurrentUser.AGE > 1',
    ],
    ['with users for items', 'INCLUDE ItemID WHERE Users.AGE > 1', 'not on Users', 'Users.AGE > 1'],
    [
      'with item events for actions',
      'INCLUDE ActionID WHERE Interactions.EVENT_TYPE IN ("a")',
      'not on Interactions',
      'Interactions.EVENT_TYPE IN ("a")',
    ],
    [
      'with datasets joined after OR',
      'INCLUDE UserID WHERE Users.AGE > 1 OR Interactions.EVENT_TYPE IN ("a")',
      'cannot be joined',
      'Interactions.EVENT_TYPE IN ("a")',
    ],
  ])('%s', (_, expression, reason, at) => {
    const refused = refusal(expression);
    expect(refused.reason).toContain(reason);
    expect(refused.at).toBe(at);
  });
});

test.each([
  'INCLUDE ItemID WHERE Items.YEAR IN ("2001", 2002) AND Items.PRICE > "9.5"',
  'INCLUDE ItemID WHERE Items.ITEM_ID IN ("a") AND Items.CREATION_TIMESTAMP >= 1e9',
  'INCLUDE UserID WHERE Users.USER_ID != "a"',
  'INCLUDE ItemID WHERE Items.PRICE > CurrentItem.YEAR AND Items.GENRE NOT IN CurrentItem.TITLE',
  'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("a") OR Interactions.EVENT_TYPE IN ($T) AND Interactions.EVENT_TYPE NOT IN (*)',
])('%s is a filter', (expression) => {
  expect(() => read(expression)).not.toThrow();
});

test('CurrentUser and CurrentItem count as fields of Users and Items', () => {
  const group = { ITEMS: schema('A int', 'B int'), USERS: schema(...Array.from('CDEFGHIJK', (name) => `${name} int`)) };
  const tests = (names: string) => Array.from(names, (name) => `CurrentUser.${name} = 1`).join(' AND ');
  const expression = (names: string) => `INCLUDE ItemID WHERE Items.A > CurrentItem.B IF ${tests(names)}`;
  expect(() => read(expression('CDEFGHIJ'), group)).not.toThrow();
  expect(refusal(expression('CDEFGHIJK'), group).at).toBe('CurrentUser.K = 1');
});
