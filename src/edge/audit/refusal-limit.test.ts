import { expect, it } from 'vitest';
import { RefusalLimit } from './refusal-limit.ts';

it('lets a hundred refusals through in a second, and says with the next one how many it left out', () => {
  const limit = new RefusalLimit();
  const first = Array.from({ length: 150 }, () => limit.take(1500));
  expect(first).toEqual([...Array(100).fill(0), ...Array(50).fill(undefined)]);
  expect([limit.take(2000), limit.take(2001)]).toEqual([50, 0]);
});
