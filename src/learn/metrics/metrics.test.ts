import { describe, expect, it } from 'vitest';
import {
  normalizedDiscountedCumulativeGain,
  outcomeOf,
  precision,
  reciprocalRank,
  summarize,
  weightedGain,
} from './metrics.ts';

const hitsAt = (...hits: number[]) => ({ hits, relevant: hits.length });

describe('metrics', () => {
  it('has the mean reciprocal rank of the example in spec training.md §9.3', () => {
    const users = [hitsAt(4, 10), hitsAt(2, 4, 12), hitsAt(6)];
    expect(users.reduce((sum, user) => sum + reciprocalRank(user, 25), 0) / 3).toBeCloseTo(0.3056, 4);
  });

  it('has the normalized discounted cumulative gain of the example in spec training.md §9.3', () => {
    expect(normalizedDiscountedCumulativeGain(hitsAt(2, 5), 5)).toBeCloseTo(0.6241, 4);
  });

  it('measures the gain against as many hits as there could have been', () => {
    expect(normalizedDiscountedCumulativeGain({ hits: [1], relevant: 3 }, 2)).toBeCloseTo(
      1 / (1 + 1 / Math.log2(3)),
      10,
    );
    expect(normalizedDiscountedCumulativeGain({ hits: [1, 2], relevant: 40 }, 2)).toBe(1);
    expect(normalizedDiscountedCumulativeGain({ hits: [], relevant: 3 }, 5)).toBe(0);
  });

  it('weighs hits by their event types: at a weight of 1.5 the only item to find comes to 1.5, at 0.5 to 0.5', () => {
    const found = (weight: number) => outcomeOf(Uint32Array.of(4, 7), new Set([4]), new Map([[4, weight]]));
    expect(weightedGain(found(1.5), 5)).toBe(1.5);
    expect(weightedGain(found(0.5), 5)).toBe(0.5);
    const outcome = outcomeOf(Uint32Array.of(7, 4), new Set([4]), new Map([[4, 1.5]]));
    expect(weightedGain(outcome, 5)).toBeCloseTo(1.5 * normalizedDiscountedCumulativeGain(outcome, 5), 10);
    expect(weightedGain(outcome, 1)).toBe(0);
    expect(summarize([outcome], 1, true)).toMatchObject({
      normalized_discounted_cumulative_gain_with_event_weights_at_5: 0.9464,
    });
    expect(Object.keys(summarize([outcome], 1)).filter((name) => name.includes('weights'))).toEqual([]);
  });

  it('does not see hits below the rank asked for', () => {
    expect(reciprocalRank(hitsAt(26), 25)).toBe(0);
    expect(normalizedDiscountedCumulativeGain(hitsAt(6), 5)).toBe(0);
    expect(precision(hitsAt(1, 5, 6), 5)).toBe(0.4);
  });

  it('finds the ranks of the hits in a ranking', () => {
    expect(outcomeOf(Uint32Array.of(7, 3, 9), new Set([9, 7, 1]))).toEqual({ hits: [1, 3], relevant: 3 });
  });

  it("summarizes under the service's names, in the order of the names, with 4 decimals", () => {
    const metrics = summarize([hitsAt(1), hitsAt(3), { hits: [], relevant: 2 }], 0.123456);
    expect(Object.entries(metrics)).toEqual([
      ['coverage', 0.1235],
      ['mean_reciprocal_rank_at_25', 0.4444],
      ['normalized_discounted_cumulative_gain_at_10', 0.5],
      ['normalized_discounted_cumulative_gain_at_25', 0.5],
      ['normalized_discounted_cumulative_gain_at_5', 0.5],
      ['precision_at_10', 0.0667],
      ['precision_at_25', 0.0267],
      ['precision_at_5', 0.1333],
    ]);
  });
});
