import { expect, it } from 'vitest';
import { hasNewData, hasNewToTrain } from './data-state.ts';

const ofActions = {
  datasets: { INTERACTIONS: 'required', ACTIONS: 'required', ACTION_INTERACTIONS: 'optional' },
} as const;
const ofItems = { datasets: { INTERACTIONS: 'required', ITEMS: 'optional' } } as const;
const trained = { INTERACTIONS: 'a 1' };

it('trains again after events of either kind, of those that the recipe reads', () => {
  const now = { ...trained, ACTION_INTERACTIONS: ' 7' };
  expect(hasNewToTrain(ofActions, trained, now)).toBe(true);
  expect(hasNewToTrain(ofActions, now, now)).toBe(false);
  expect(hasNewToTrain(ofActions, now, { ...now, INTERACTIONS: 'a 2' })).toBe(true);
  expect(hasNewToTrain(ofActions, now, { ...now, ACTIONS: 'b 0' })).toBe(false);
  expect(hasNewToTrain(ofItems, trained, now)).toBe(false);
});

it('updates after anything that the recipe reads, and nothing else', () => {
  expect(hasNewData(ofActions, trained, { ...trained, ACTIONS: 'b 0' })).toBe(true);
  expect(hasNewData(ofActions, trained, { ...trained, ACTION_INTERACTIONS: ' 7' })).toBe(true);
  expect(hasNewData(ofActions, trained, { ...trained, ITEMS: 'c 0' })).toBe(false);
  expect(hasNewData(ofItems, trained, { ...trained, ACTIONS: 'b 0', USERS: 'd 0' })).toBe(false);
  expect(hasNewData(ofItems, trained, { ...trained, ITEMS: 'c 0' })).toBe(true);
});
