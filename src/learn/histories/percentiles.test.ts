import { describe, expect, it } from 'vitest';
import { emptyHistories } from './histories.ts';
import { percentileRange, usersWithinPercentiles, within } from './percentiles.ts';

describe('percentileRange', () => {
  const lengths = Uint32Array.from({ length: 100 }, (_, n) => n + 1);
  const kept = (least: number, most: number) => {
    const range = percentileRange(lengths, least, most);
    return [...lengths].filter((length) => within(range, length));
  };

  it('keeps every value from percentile 0 to 1', () => expect(kept(0, 1)).toHaveLength(100));

  it('leaves out the lowest and the highest twentieth from 0.05 to 0.95', () => {
    expect(kept(0.05, 0.95)).toEqual(Array.from({ length: 91 }, (_, n) => n + 5));
  });

  it('keeps or leaves out equal values together', () => {
    const range = percentileRange(Uint32Array.of(5, 5, 5, 5), 0.2, 0.5);
    expect(within(range, 5)).toBe(true);
  });

  it('chooses users by the lengths of their histories', () => {
    const histories = emptyHistories(4, 16);
    histories.offsets.set([0, 1, 3, 6, 16]);
    expect([...usersWithinPercentiles(histories, Uint32Array.of(3, 2, 1, 0), 0, 0.75)]).toEqual([2, 1, 0]);
  });
});
