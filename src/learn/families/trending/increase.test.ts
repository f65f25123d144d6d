import { expect, it } from 'vitest';
import { IncreaseShare } from './increase.ts';

it('is the increase of the listed items over that of the ones that increase most', () => {
  const share = new IncreaseShare(5, 2);
  expect(share.share).toBe(0);
  // From the last interval to the next: item 0 +3, 1 +2, 2 +1, 3 −2.
  share.add([1, 3], Uint32Array.of(0, 3, 3), Uint32Array.of(0, 0, 0, 0, 1, 1, 2));
  expect(share.share).toBeCloseTo(2 / 5);
  share.add([4, 2], Uint32Array.of(), Uint32Array.of(4, 4, 4, 4, 4));
  expect(share.share).toBeCloseTo(7 / 10);
  share.add([0, 1], Uint32Array.of(0, 0), Uint32Array.of());
  expect(share.share).toBeCloseTo(7 / 10);
});
