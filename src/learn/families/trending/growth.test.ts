import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chanceOfGrowth, discoveries, growthScore, leastGrowth, tail } from './growth.ts';
import { poissons } from './trending.fixture.ts';

describe('growthScore', () => {
  it('takes 1 to 3 for chance, 100 to 200 for growth, and what all others do for no growth of one', () => {
    expect(growthScore(3, 1, 1)).toBeLessThan(1);
    expect(growthScore(200, 100, 1)).toBeGreaterThan(5);
    expect(growthScore(200, 100, 2)).toBeCloseTo(0, 1);
  });

  it.each([5, 20, 200])('is above 1.645 one time in twenty where the rate is %i in both intervals', (rate) => {
    const [draw, draws] = [poissons(rate), 20_000];
    let above = 0;
    for (let n = 0; n < draws; n++) if (growthScore(draw(), draw(), 1) > 1.645) above++;
    expect(above / draws).toBeGreaterThan(0.04);
    expect(above / draws).toBeLessThan(0.058);
  });
});

describe('leastGrowth', () => {
  it('is the factor that the test just does not refuse', () => {
    const count = fc.integer({ min: 0, max: 1e6 });
    const traffic = fc.double({ min: 0.01, max: 100, noNaN: true });
    const score = fc.double({ min: 0.5, max: 2, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), count, traffic, score, (current, previous, others, least) => {
        const factor = leastGrowth(current, previous, others, least);
        expect(growthScore(current, previous, others * factor)).toBeCloseTo(least, 4);
      }),
    );
  });

  it('is above 1 where growth is certain enough, however many there were before', () => {
    expect(leastGrowth(3, 1, 1, 1.645)).toBeLessThan(1);
    expect(leastGrowth(200, 100, 1, 1.645)).toBeCloseTo(1.63, 1);
    expect(leastGrowth(20, 0, 1, 1.645)).toBeGreaterThan(5);
    expect(leastGrowth(0, 50, 1, 1.645)).toBe(0);
  });
});

describe('tail', () => {
  it('is the chance of a larger standard normal variable, or just above it', () => {
    for (const [score, chance] of [
      [1.6448536, 0.05],
      [2.3263479, 0.01],
      [3.0902323, 0.001],
      [4.7534243, 1e-6],
    ] as const) {
      expect(tail(score) / chance).toBeGreaterThan(1);
      expect(tail(score) / chance).toBeLessThan(1.006);
    }
  });
});

describe('chanceOfGrowth', () => {
  it('is that of as many of all interactions in the newest interval or more, as many counted half', () => {
    expect(chanceOfGrowth(5, 0, 1)).toBeCloseTo(1 / 64, 10);
    expect(chanceOfGrowth(3, 1, 1)).toBeCloseTo((1 + 4 / 2) / 16, 10);
    expect(chanceOfGrowth(2, 0, 3)).toBeCloseTo(9 / 32, 10);
    expect(chanceOfGrowth(0, 2, 3)).toBeCloseTo(1 - 1 / 32, 10);
  });

  it('goes over into the one by scores where there are many interactions', () => {
    for (const [current, previous, traffic] of [
      [540, 461, 1],
      [600, 401, 1],
      [720, 281, 2],
      [250, 751, 0.25],
    ] as const) {
      const few = chanceOfGrowth(current, previous - 1, traffic);
      const many = chanceOfGrowth(current, previous, traffic);
      expect(many / few).toBeGreaterThan(0.85);
      expect(many / few).toBeLessThan(1.3);
    }
  });
});

describe('discoveries', () => {
  it('are as many of the least chances as there are, by the rule of Benjamini and Hochberg', () => {
    // Of ten tests .005, .01, .015 and .02 are allowed.
    const chances = [0.0005, 0.0023, 0.023, 0.067];
    expect(discoveries(chances, 10, 0.05)).toBe(2);
    expect(discoveries(chances, 3, 0.05)).toBe(3);
    expect(discoveries(chances, 1000, 0.05)).toBe(0);
    expect(discoveries([0.04, 0.04, 0.04], 4, 0.05)).toBe(0);
    expect(discoveries([0.03, 0.03, 0.03], 4, 0.05)).toBe(3);
    expect(discoveries([], 10, 0.05)).toBe(0);
  });
});
