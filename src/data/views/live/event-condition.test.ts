import { expect, it } from 'vitest';
import { meetsOneOf } from './event-condition.ts';

it('takes event types as they are written, or in any case', () => {
  const exact = meetsOneOf([{ eventType: 'View' }]);
  const any = meetsOneOf([{ eventType: 'View', anyCase: true }]);
  expect(['View', 'view', 'VIEW', 'Viewed', ''].map((type) => exact(type, Number.NaN))).toEqual([
    ...[true, false, false, false, false],
  ]);
  expect(['View', 'view', 'VIEW', 'Viewed', ''].map((type) => any(type, Number.NaN))).toEqual([
    ...[true, true, true, false, false],
  ]);
});

it('takes what meets one of several conditions, and all where there are none', () => {
  const meets = meetsOneOf([{ eventType: 'Purchase', anyCase: true }, { eventValueThreshold: 3.6 }]);
  expect(meets('PURCHASE', Number.NaN)).toBe(true);
  expect(meets('View', Math.fround(3.6))).toBe(true);
  expect(meets('View', 3.5)).toBe(false);
  expect(meetsOneOf([])('anything', Number.NaN)).toBe(true);
});
