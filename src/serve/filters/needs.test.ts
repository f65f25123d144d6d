import { expect, test } from 'vitest';
import { read } from './filters.fixture.ts';
import { needsOf } from './needs.ts';

test('a filter says what it asks of a request and which columns it reads', () => {
  const filter = read(
    'include ItemID where items.genre in ($G) and Items.YEAR > CurrentItem.year | ' +
      'exclude ItemID where Interactions.EVENT_TYPE in ("Buy", "VIEW") if CurrentUser.TIER = $T and CurrentUser.AGE > $G',
  );
  expect(needsOf(filter)).toEqual({
    userId: true,
    itemId: true,
    placeholders: [
      { name: 'G', clause: 0, required: true },
      { name: 'T', clause: 1, required: false },
      { name: 'G', clause: 1, required: false },
    ],
    columns: new Map([
      ['Items', new Set(['GENRE', 'YEAR'])],
      ['Interactions', new Set(['EVENT_TYPE'])],
      ['Users', new Set(['TIER', 'AGE'])],
    ]),
    eventTypes: new Set(['buy', 'view']),
  });
});

test.each([
  ['INCLUDE ItemID WHERE Items.YEAR > 1', { userId: false, eventTypes: undefined }],
  ['EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")', { userId: true, eventTypes: 'any' }],
  ['EXCLUDE ItemID WHERE Interactions.EVENT_TYPE NOT IN ("a")', { userId: true, eventTypes: 'any' }],
  ['EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ($T)', { userId: true, eventTypes: 'any' }],
  ['EXCLUDE UserID WHERE Interactions.EVENT_TYPE IN ("a")', { userId: false, eventTypes: new Set(['a']) }],
  ['EXCLUDE ActionID WHERE Action_Interactions.EVENT_TYPE IN ("a")', { userId: true, eventTypes: new Set(['a']) }],
  ['INCLUDE ActionID WHERE Actions.VALUE > 1 IF CurrentUser.AGE > 1', { userId: true, eventTypes: undefined }],
])('%s', (expression, needs) => {
  expect(needsOf(read(expression))).toMatchObject({ ...needs, itemId: false });
});
