import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uniforms } from '../../kernels/random.ts';
import { fitBlend, type Observation } from './blend.ts';

const candidates = 40;

/**
 * Users who choose one of 40 items as a conditional logit with these weights says, the last feature being the same for
 * all users.
 */
function choosing(users: number, weights: readonly number[], seed: number): Observation[] {
  const random = uniforms(seed);
  const popularity = Float32Array.from({ length: candidates }, () => -5 * random());
  return Array.from({ length: users }, () => {
    const values = Float32Array.from({ length: candidates * weights.length }, (_, at) =>
      at % weights.length === weights.length - 1 ? popularity[Math.floor(at / weights.length)] : random(),
    );
    const odds = logitsOf(values, weights).map(Math.exp);
    let left = random() * odds.reduce((sum, one) => sum + one, 0);
    const chosen = odds.findIndex((one) => {
      left -= one;
      return left <= 0;
    });
    return { values, chosen: [chosen] };
  });
}

const logitsOf = (values: Float32Array, weights: readonly number[]) =>
  Array.from({ length: values.length / weights.length }, (_, n) =>
    weights.reduce((sum, weight, feature) => sum + weight * values[n * weights.length + feature], 0),
  );

/** From the definition, without the sums that the fit keeps, and with its slight pull towards 0. */
function meanLogLikelihood(observations: readonly Observation[], weights: readonly number[]): number {
  const each = observations.map(({ values, chosen }) => {
    const logits = logitsOf(values, weights);
    return logits[chosen[0]] - Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
  });
  const pull = 1e-6 * weights.reduce((sum, weight) => sum + weight ** 2, 0);
  return each.reduce((sum, one) => sum + one, 0) / each.length - pull;
}

describe('fitBlend', () => {
  it('finds the weights by which users chose', () => {
    const { weights } = fitBlend(choosing(4000, [5, 2, 0.7], 3), [1, 1, 1]);
    expect(weights[0]).toBeCloseTo(5, 0);
    expect(weights[1]).toBeCloseTo(2, 0);
    expect(weights[2]).toBeCloseTo(0.7, 1);
  });

  it('leaves out what says nothing of the choice', () => {
    expect(fitBlend(choosing(4000, [0, 1], 4), [1, 1]).weights[0]).toBeLessThan(0.3);
    expect(fitBlend(choosing(4000, [6, 0], 5), [1, 1]).weights[1]).toBeLessThan(0.1);
  });

  it('has weights from 0, and as likely as any others near them, for any choices', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 30 }),
        fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 2, maxLength: 4 }),
        (seed, users, truth) => {
          const observations = choosing(users, truth, seed);
          const start = truth.map(() => 1);
          const { weights, logLikelihood } = fitBlend(observations, start);
          expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
          for (const feature of weights.keys()) {
            for (const move of [0.1, -0.1]) {
              const near = weights.map((weight, n) => (n === feature ? Math.max(weight + move, 0) : weight));
              expect(meanLogLikelihood(observations, near)).toBeLessThanOrEqual(logLikelihood + 1e-4);
            }
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('takes a sample of the candidates for all of them, by what each stands for', () => {
    const all = choosing(3000, [4, 1], 6);
    const random = uniforms(7);
    const sampled = all.map(({ values, chosen: [own = 0] }) => {
      const rows = [own, ...Array.from({ length: candidates }, (_, n) => n).filter((n) => n !== own && random() < 0.5)];
      return {
        values: Float32Array.from(rows.flatMap((n) => [values[2 * n], values[2 * n + 1]])),
        logWeights: Float32Array.from(rows, (n) => (n === own ? 0 : Math.log(2))),
        chosen: [0],
      };
    });
    const [whole, sample] = [fitBlend(all, [1, 1]), fitBlend(sampled, [1, 1])];
    expect(sample.weights[0]).toBeCloseTo(whole.weights[0], 0);
    expect(Math.abs(sample.weights[1] - whole.weights[1])).toBeLessThan(0.1);
  });

  it('takes an observation of weight 2 for two of weight 1', () => {
    const [few, others] = [choosing(200, [4, 1], 8), choosing(300, [1, 0], 9)];
    const twice = fitBlend([...few, ...few, ...others], [1, 1]);
    const weighted = fitBlend([...few.map((each) => ({ ...each, weight: 2 })), ...others], [1, 1]);
    for (const [feature, weight] of weighted.weights.entries()) expect(weight).toBeCloseTo(twice.weights[feature], 6);
  });

  it('stays finite where the features predict every choice', () => {
    const certain = Array.from({ length: 5 }, () => ({ values: Float32Array.of(1, -1, 0, -1, 0, -1), chosen: [0] }));
    expect(fitBlend(certain, [1, 1]).weights[0]).toBeLessThan(1e4);
    expect(fitBlend([], [1, 1])).toMatchObject({ weights: [1, 1] });
  });
});
