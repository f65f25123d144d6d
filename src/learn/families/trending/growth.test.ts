import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { discoveries, growthScore, leastGrowth, tail } from './growth.ts';
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

describe('discoveries', () => {
  it('are as many of the best scores as there are, by the rule of Benjamini and Hochberg', () => {
    // Chances .0005, .0023, .023 and .067 of 10 tests: the rule allows .005, .01, .015 and .02.
    expect(discoveries([3.29, 2.83, 2, 1.5], 10, 0.05)).toBe(2);
    expect(discoveries([3.29, 2.83, 2, 1.5], 3, 0.05)).toBe(3);
    expect(discoveries([3.29, 2.83, 2, 1.5], 1000, 0.05)).toBe(0);
    expect(discoveries([], 10, 0.05)).toBe(0);
  });
});
