import { expect, it } from 'vitest';
import { toppedUp } from './topped-up.ts';

const others = (...ids: string[]) => ({ others: (count: number) => ids.slice(0, count) });

it('fills a list with items that have no score, and shows none twice', () => {
  const answer = { items: ['a', 'new'], scores: [0.5, 0.1], explored: [1] };
  expect(toppedUp({ answer, eligible: others('new', 'newer', 'old', 'older'), count: 4 })).toEqual({
    items: ['a', 'new', 'newer', 'old'],
    scores: [0.5, 0.1, null, null],
    explored: [1],
  });
  expect(toppedUp({ answer: { items: ['a'] }, eligible: others('b'), count: 25 })).toEqual({ items: ['a', 'b'] });
  expect(toppedUp({ answer, eligible: others('new'), count: 4 })).toBe(answer);
  expect(toppedUp({ answer, eligible: others('b'), count: 2 })).toBe(answer);
  expect(toppedUp({ answer, count: 4 })).toBe(answer);
});
