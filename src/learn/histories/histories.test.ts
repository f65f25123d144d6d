import { expect, it } from 'vitest';
import { copyOf, emptyHistories, historyOf, interactedItems, interactionsByItem, selectUsers } from './histories.ts';

/** Users of 1, 2 and 3 interactions: items 0; 1, 2; 3, 4, 5. */
function threeUsers() {
  const histories = emptyHistories(3, 6);
  histories.offsets.set([0, 1, 3, 6]);
  histories.items.set([0, 1, 2, 3, 4, 5]);
  histories.timestamps.set([10, 20, 30, 40, 50, 60]);
  return histories;
}

it('shares its arrays with a part of it, which has the users in the order asked for, each from the newest back', () => {
  const whole = threeUsers();
  const part = selectUsers(whole, Uint32Array.of(2, 0), 2);
  expect([0, 1].map((user) => [...historyOf(part, user).items])).toEqual([[4, 5], [0]]);
  expect([...historyOf(part, 0).timestamps]).toEqual([50, 60]);
  expect(part.items.buffer).toBe(whole.items.buffer);
});

it('is copied without what the part leaves out', () => {
  const copy = copyOf(selectUsers(threeUsers(), Uint32Array.of(2, 0), 2));
  expect([[...copy.offsets], [...copy.items], [...copy.timestamps]]).toEqual([
    [0, 2, 3],
    [4, 5, 0],
    [50, 60, 10],
  ]);
});

it('counts the items of its own users alone', () => {
  const part = selectUsers(threeUsers(), Uint32Array.of(0, 1));
  expect([...interactionsByItem(part, 6)]).toEqual([1, 1, 1, 0, 0, 0]);
  expect(interactedItems(part, 6)).toBe(3);
});
