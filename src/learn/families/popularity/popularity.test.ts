import { describe, expect, it } from 'vitest';
import type { Histories } from '../../histories/histories.ts';
import { weightingOf } from '../../training/event-weights.ts';
import { logEarlyPopularity, logMean, logPopularity } from './popularity.ts';

const day = 86_400;
/** Item 0 was had thrice long ago, item 1 twice a month later, item 2 never. */
const histories: Histories = {
  starts: Uint32Array.of(0, 2, 4),
  ends: Uint32Array.of(2, 4, 5),
  items: Uint32Array.of(0, 1, 0, 1, 0),
  timestamps: Float64Array.of(0, 30 * day, 0, 30 * day, 0),
  columns: [],
  codes: [],
};
const shares = (logs: Float32Array) => Array.from(logs, Math.exp);

describe('logPopularity', () => {
  it('is the share of all interactions where popularity does not fade; every item has one', () => {
    const [a, b, c] = shares(logPopularity(histories, 3, Number.POSITIVE_INFINITY));
    expect([a, b, c]).toEqual([(3 + 1 / 3) / 6, (2 + 1 / 3) / 6, 1 / 18].map((share) => expect.closeTo(share, 5)));
  });

  it('halves with each half-life', () => {
    const [a = 0, b = 0] = shares(logPopularity(histories, 3, 30));
    expect(b / a).toBeCloseTo((2 + 1 / 3) / (1.5 + 1 / 3), 4);
    const [old = 0, recent = 0] = shares(logPopularity(histories, 3, 1));
    expect(recent).toBeGreaterThan(5 * old);
  });
});

describe('popularity by weights', () => {
  it('counts an interaction as much as it weighs', () => {
    const typed: Histories = {
      ...histories,
      columns: [{ name: 'EVENT_TYPE', kind: 'categorical', values: ['view', 'buy'] }],
      codes: [Uint8Array.of(1, 2, 1, 2, 1)],
    };
    const weightOf = weightingOf(typed.columns, [
      { eventType: 'view', weight: 0.5 },
      { eventType: 'buy', weight: 1.5 },
    ]);
    const [a = 0, b = 0] = shares(logPopularity(typed, 3, Number.POSITIVE_INFINITY, weightOf));
    expect(b / a).toBeCloseTo((3 + 1 / 3) / (1.5 + 1 / 3), 4);
    const [early = 0, late = 0] = shares(logEarlyPopularity(typed, 3, weightOf));
    expect(late / early).toBeCloseTo((3 + 1 / 3) / (1.5 + 1 / 3), 4);
  });
});

describe('logEarlyPopularity', () => {
  it('counts what histories begin with', () => {
    const long: Histories = {
      starts: Uint32Array.of(0),
      ends: Uint32Array.of(8),
      items: Uint32Array.of(0, 0, 0, 0, 0, 1, 1, 1),
      timestamps: new Float64Array(8),
      columns: [],
      codes: [],
    };
    const [early = 0, late = 0] = shares(logEarlyPopularity(long, 2));
    expect(early / late).toBeCloseTo(5.5 / 0.5, 3);
  });

  it('mixes half and half with another popularity', () => {
    const [a] = shares(logMean(Float32Array.of(Math.log(0.2)), Float32Array.of(Math.log(0.4))));
    expect(a).toBeCloseTo(0.3, 6);
  });
});
