import { describe, expect, test } from 'vitest';
import { read, refusal } from './filters.fixture.ts';
import { expressionLength, parseFilter } from './parser.ts';

describe('the first token that no filter has there is named', () => {
  test.each([
    ['', 'expected INCLUDE or EXCLUDE, but found the end.', ''],
    ['INCLUDE Item WHERE', 'expected ItemID, UserID or ActionID, but found Item.', 'Item WHERE'],
    ['INCLUDE ItemID WHERE NOT Items.YEAR = 1', 'NOT stands before IN alone', 'NOT Items.YEAR = 1'],
    ['INCLUDE ItemID WHERE Foo.YEAR = 1', 'expected a field, such as Items.GENRE, but found Foo.', 'Foo.YEAR = 1'],
    ['INCLUDE ItemID WHERE Items', 'expected . and the name of a field, but found the end.', ''],
    ['INCLUDE ItemID WHERE Items."YEAR" = 1', 'but found the text "YEAR".', '"YEAR" = 1'],
    ['INCLUDE ItemID WHERE Items.YEAR == 1', 'expected a number, a text in quotes or a placeholder', '= 1'],
    [
      'EXCLUDE ItemID WHERE Items.YEAR > CurrentUser.AGE',
      'no condition can compare to CurrentUser: use a placeholder',
      'CurrentUser.AGE',
    ],
    ['INCLUDE ItemID WHERE Items.YEAR NOT (1)', 'expected IN, but found (.', '(1)'],
    ['INCLUDE ItemID WHERE Items.YEAR IN $YEARS', 'expected (, but found $YEARS.', '$YEARS'],
    ['INCLUDE ItemID WHERE Items.YEAR IN (1, $Y)', 'a placeholder stands alone', '$Y)'],
    ['INCLUDE ItemID WHERE Items.GENRE IN ("a", "$G")', 'a placeholder stands alone', '"$G")'],
    ['INCLUDE ItemID WHERE Items.GENRE IN ("$G", "a")', 'a placeholder stands alone', ', "a")'],
    ['INCLUDE ItemID WHERE Items.GENRE NOT IN ("a", $G)', 'Placeholders are not allowed with NOT_IN operator.', '$G)'],
    ['INCLUDE ItemID WHERE Items.YEAR NOT IN ("$Y" ;', 'Placeholders are not allowed with NOT_IN operator.', '"$Y" ;'],
    ['INCLUDE ItemID WHERE Items.YEAR = .5', 'but found ..', '.5'],
    ['INCLUDE ItemID WHERE Items.YEAR = 1 ; DROP', '";" cannot stand here.', '; DROP'],
    ['INCLUDE ItemID WHERE Items.GENRE IN (“Drama”)', 'is no quotation mark of the language', '“Drama”)'],
    ['INCLUDE ItemID WHERE Items.GENRE IN ("Drama)', 'the text that begins with " has no end.', '"Drama)'],
    [String.raw`INCLUDE ItemID WHERE Items.GENRE IN ("C:\dir")`, 'a backslash in a text must be', String.raw`\dir")`],
    ['INCLUDE ItemID WHERE Items.GENRE IN ($)', 'a placeholder is $ and a name', '$)'],
    [`INCLUDE ItemID WHERE Items.GENRE IN ($${'x'.repeat(51)})`, 'at most 50 characters', `$${'x'.repeat(51)})`],
    [
      'INCLUDE ItemID WHERE Items.YEAR = 1 INCLUDE',
      'expected AND, OR, IF, | or the end, but found INCLUDE.',
      'INCLUDE',
    ],
    ['INCLUDE ItemID WHERE Items.YEAR = 1 |', 'expected INCLUDE or EXCLUDE, but found the end.', ''],
    ['INCLUDE ItemID WHERE Items.GENRE IN ("😀日本" no)', 'expected ), but found no.', 'no)'],
    ['EXCLUDE ItemID WHERE Items.YEAR = 1 IF CurrentUser.AGE NOT IN ($A)', 'Placeholders are not allowed', '$A)'],
    ['EXCLUDE ItemID WHERE Items.YEAR = 1 IF CurrentUser.AGE IN (*)', 'expected a number or a text', '*)'],
    [
      'EXCLUDE ItemID WHERE Items.YEAR = 1 IF CurrentUser.AGE = CurrentItem.YEAR',
      'but found CurrentItem',
      'CurrentItem.YEAR',
    ],
  ])('%s', (expression, reason, at) => {
    const refused = refusal(expression);
    expect(refused.reason).toContain(reason);
    expect(refused.at).toBe(at);
  });
});

test.each([
  ['EXCLUDE ItemID WHERE Items.GENRE NOT_IN ("a")', 'EXCLUDE ItemID WHERE Items.GENRE NOT IN ("a")'],
  ['INCLUDE ActionID WHERE Action.KIND IN ("a")', 'INCLUDE ActionID WHERE Actions.KIND IN ("a")'],
  ['INCLUDE ItemID WHERE Items.GENRE IN ("$G")', 'INCLUDE ItemID WHERE Items.GENRE IN ($G)'],
  ["INCLUDE ItemID WHERE Items.PRICE > '$P'", 'INCLUDE ItemID WHERE Items.PRICE > ($P)'],
  [
    'INCLUDE ItemID\nWHERE\titems.price>=1AND ITEMS . year<2',
    'include itemid where Items.PRICE >= 1 and Items.YEAR < 2',
  ],
  ["INCLUDE ItemID WHERE Items.TITLE IN ('\"it\\'s\"')", 'INCLUDE ItemID WHERE Items.TITLE IN ("\\"it\'s\\"")'],
  ['EXCLUDE ItemID WHERE Interactions.EVENT_TYPE = "*"', 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")'],
])('%s is %s', (one, other) => {
  expect(read(one)).toEqual(read(other));
});

test('AND binds tighter than OR', () => {
  const [clause] = parseFilter(
    'INCLUDE ItemID WHERE Items.A = 1 OR Items.B = 2 AND Items.C = 3 OR Items.D = 4',
  ).clauses;
  expect(clause.where.map((all) => all.map(({ field }) => field.name))).toEqual([['A'], ['B', 'C'], ['D']]);
});

test('the tree is frozen to its leaves', () => {
  const tree = read('EXCLUDE ItemID WHERE Items.GENRE IN ("a") IF CurrentUser.AGE > 1');
  const objects: object[] = [tree];
  for (const each of objects) objects.push(...Object.values(each).filter((child) => typeof child === 'object'));
  expect(objects.length).toBeGreaterThan(10);
  expect(objects.filter((each) => !Object.isFrozen(each))).toEqual([]);
});

test('an expression has at most 2,500 characters', () => {
  const filled = (text: string) => `INCLUDE ItemID WHERE Items.TITLE IN ("${text}")`;
  const room = expressionLength - filled('').length;
  expect(() => parseFilter(filled('😀'.repeat(room)))).not.toThrow();
  expect(() => parseFilter(filled('x'.repeat(room + 1)))).toThrow('it has 2501 characters, and 2500 is the most');
});
