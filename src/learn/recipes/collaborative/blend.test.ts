import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uniforms } from '../../kernels/random.ts';
import { fitBlend, type Observation } from './blend.ts';

/** Users who choose one of 40 items as a conditional logit with these weights says. */
function choosing(users: number, factors: number, prior: number, seed: number): Observation[] {
  const random = uniforms(seed);
  const popularity = Float32Array.from({ length: 40 }, () => -5 * random());
  return Array.from({ length: users }, () => {
    const scores = Float32Array.from({ length: 40 }, () => random());
    const odds = Array.from(scores, (score, n) => Math.exp(factors * score + prior * (popularity[n] ?? 0)));
    let left = random() * odds.reduce((sum, one) => sum + one, 0);
    const chosen = odds.findIndex((one) => {
      left -= one;
      return left <= 0;
    });
    return { scores, prior: popularity, chosen: [chosen] };
  });
}

describe('fitBlend', () => {
  it('finds the weights by which users chose', () => {
    const { factors, prior } = fitBlend(choosing(4000, 5, 0.7, 3));
    expect(factors).toBeCloseTo(5, 0);
    expect(prior).toBeCloseTo(0.7, 1);
  });

  it('leaves out what says nothing of the choice', () => {
    expect(fitBlend(choosing(4000, 0, 1, 4)).factors).toBeLessThan(0.3);
    expect(fitBlend(choosing(4000, 6, 0, 5)).prior).toBeLessThan(0.1);
  });

  it('has weights from 0, and as likely as any others near them, for any choices', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 30 }), (seed, users) => {
        const observations = choosing(users, -3, -1, seed);
        const { factors, prior, logLikelihood } = fitBlend(observations);
        expect(factors).toBeGreaterThanOrEqual(0);
        expect(prior).toBeGreaterThanOrEqual(0);
        for (const [a, b] of [
          [factors + 0.1, prior],
          [factors, prior + 0.1],
          [Math.max(factors - 0.1, 0), prior],
          [factors, Math.max(prior - 0.1, 0)],
        ] as const) {
          expect(meanLogLikelihood(observations, a, b)).toBeLessThanOrEqual(logLikelihood + 1e-4);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('stays finite where the scores foretell every choice', () => {
    const certain = Array.from({ length: 5 }, () => ({
      scores: Float32Array.of(1, 0, 0),
      prior: Float32Array.of(-1, -1, -1),
      chosen: [0],
    }));
    expect(fitBlend(certain).factors).toBeLessThan(1e4);
    expect(fitBlend([])).toMatchObject({ factors: 1, prior: 1 });
  });
});

/** From the definition, without the sums that the fit keeps. */
function meanLogLikelihood(observations: readonly Observation[], factors: number, prior: number): number {
  const each = observations.map((one) => {
    const logits = Array.from(one.scores, (score, n) => factors * score + prior * (one.prior[n] ?? 0));
    return (logits[one.chosen[0] ?? 0] ?? 0) - Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
  });
  return each.reduce((sum, one) => sum + one, 0) / each.length;
}
