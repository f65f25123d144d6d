import { expect, test } from 'vitest';
import { actionEventType } from './action-event-types.js';

test.each([
  ['Taken', 'TAKEN'],
  ['TAKEN', 'TAKEN'],
  ['not taken', 'NOT_TAKEN'],
  ['Not Taken', 'NOT_TAKEN'],
  ['NOT_TAKEN', 'NOT_TAKEN'],
  ['not_Taken', 'NOT_TAKEN'],
  ['viewed', 'VIEWED'],
] as const)('%s is %s', (text, type) => {
  expect(actionEventType(text)).toBe(type);
});

test.each(['', 'click', 'nottaken', 'takens', '_'])('%s is no type that trains', (text) => {
  expect(actionEventType(text)).toBeUndefined();
});
