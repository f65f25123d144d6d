import { expect, it } from 'vitest';
import { actionEventCodes } from '../../histories/action-data.ts';
import { scoredActions } from './thresholds.ts';

const week = 7 * 86_400;

/** So many events of each kind on one action, so many weeks before the newest event of all. */
function isScored(taken: number, others: number, weeksAgo: number): boolean {
  const count = taken + others + 1;
  const types = Uint8Array.from({ length: count }, (_, n) =>
    n < taken ? actionEventCodes.TAKEN : n % 2 ? actionEventCodes.VIEWED : actionEventCodes.NOT_TAKEN,
  );
  const histories = {
    starts: Uint32Array.of(0),
    ends: Uint32Array.of(count),
    actions: Uint32Array.from(types, (_, n) => (n === count - 1 ? 1 : 0)),
    timestamps: Float64Array.from(types, (_, n) => (n === count - 1 ? 100 * week : (100 - weeksAgo) * week)),
    types,
  };
  return scoredActions(histories, 2)[0] === 1;
}

it('scores an action after 50 events of both kinds within six weeks', () => {
  expect(isScored(50, 50, 6)).toBe(true);
  expect(isScored(49, 50, 1)).toBe(false);
  expect(isScored(50, 49, 1)).toBe(false);
  expect(isScored(500, 500, 6.1)).toBe(false);
});
