import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uniforms } from '../../kernels/random.ts';
import { fitBlend, logitsOf, type Observation } from './blend.ts';
import { improveRanking } from './blend-ranking.ts';

const candidates = 50;

/**
 * Two features. The first knows what a third of the users choose, if narrowly: five others are nearly as good. The
 * second does not know it, prefers those five, and knows of the other users' choices that they are not in the worst
 * half.
 */
function confusing(users: number, seed: number): Observation[] {
  const random = uniforms(seed);
  return Array.from({ length: users }, () => {
    const known = random() < 1 / 3;
    const others = Array.from({ length: candidates - 1 }, (_, n) =>
      n < 5 ? [0.9 * random(), 1] : [0, 2 * random() - 1],
    );
    return { values: Float32Array.from([known ? [1, 0] : [0, 1], ...others].flat()), chosen: [0] };
  });
}

function meanGain(observations: readonly Observation[], weights: readonly number[]): number {
  const logit = ({ values }: Observation, n: number) =>
    weights.reduce((sum, weight, feature) => sum + weight * values[n * weights.length + feature], 0);
  const gains = observations.map((each) => {
    const own = logit(each, 0);
    const rank = Array.from({ length: candidates }, (_, n) => logit(each, n)).filter((other) => other >= own).length;
    return rank > 25 ? 0 : 1 / Math.log2(1 + rank);
  });
  return gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
}

describe('improveRanking', () => {
  const [seen, others] = [confusing(1000, 1), confusing(1000, 2)];
  const likeliest = fitBlend(seen, [1, 1]).weights;
  const improved = improveRanking(seen, likeliest);

  it('gives up what makes choices likely where it confuses the top ranks', () => {
    expect(meanGain(others, improved)).toBeGreaterThan(1.2 * meanGain(others, likeliest));
  });

  it('keeps the scale under which the softmax of the logits gives probabilities', () => {
    const logits = seen.map(({ values, chosen }) => ({
      values: Float32Array.from(logitsOf(values, improved)),
      chosen,
    }));
    expect(fitBlend(logits, [1]).weights[0]).toBeCloseTo(1, 3);
  });

  it('changes nothing for what few users say', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 4 }), (seed, users) => {
        const few = confusing(users, seed);
        const { weights } = fitBlend(few, [1, 1]);
        expect(improveRanking(few, weights)).toEqual(weights);
      }),
    );
  });

  it('takes an observation of weight 0 for none', () => {
    const opposed = confusing(300, 3).map(({ values, chosen }) => ({
      values: values.map((value) => -value),
      chosen,
      weight: 0,
    }));
    const weights = improveRanking([...seen, ...opposed], likeliest);
    for (const [feature, weight] of weights.entries()) expect(weight).toBeCloseTo(improved[feature], 4);
  });

  it('takes a candidate that stands for three for three', () => {
    const rows = (values: Float32Array, n: number) => Array.from(values.subarray(2 * n, 2 * n + 2));
    const whole = seen.map(({ values, chosen }) => ({
      values: Float32Array.from([...values, ...rows(values, 1), ...rows(values, 1)]),
      chosen,
    }));
    const sampled = seen.map((each) => ({ ...each, logWeights: new Float32Array(candidates).fill(Math.log(3), 1, 2) }));
    const { weights } = fitBlend(whole, [1, 1]);
    const same = improveRanking(sampled, weights);
    expect(same).not.toEqual(weights);
    for (const [feature, weight] of improveRanking(whole, weights).entries())
      expect(same[feature]).toBeCloseTo(weight, 4);
  });
});
