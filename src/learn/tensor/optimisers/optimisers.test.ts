import { expect, test } from 'vitest';
import { ones } from '../graph/initialisers.ts';
import { Scope } from '../graph/scope.ts';
import { input } from '../graph/value.ts';
import { multiply } from '../operations/arithmetic.ts';
import { sum } from '../operations/reduce.ts';
import { Trainer } from '../trainer.ts';
import { type AdamOptions, adam } from './adam.ts';
import { constantRate, cosineDecay, linearDecay, warmUp } from './schedule.ts';

/** What each of three steps leaves of a weight that begins as 1 and has the gradients 2, −1 and 0.5. */
async function trained(options: AdamOptions, clipNorm?: number): Promise<number[]> {
  const scope = Scope.root(1);
  const loss = sum(multiply(scope.parameter('w', [1, 1], ones), input('slope', [1, 1])));
  const clip = clipNorm === undefined ? {} : { clipNorm };
  const trainer = await Trainer.create({ scope, loss, optimiser: adam(options), rate: constantRate(0.1), ...clip });
  const weights: number[] = [];
  for (const slope of [2, -1, 0.5]) {
    await trainer.step({ slope: Float32Array.of(slope) });
    weights.push(trainer.weights.get('w')[0]);
  }
  await trainer.release();
  return weights;
}

/** Algorithm 2 of Loshchilov and Hutter 2019, as printed. */
function byHand(
  gradients: readonly number[],
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 }: AdamOptions,
) {
  let [w, m, v] = [1, 0, 0];
  return gradients.map((gradient, index) => {
    m = beta1 * m + (1 - beta1) * gradient;
    v = beta2 * v + (1 - beta2) * gradient ** 2;
    const [mHat, vHat] = [m / (1 - beta1 ** (index + 1)), v / (1 - beta2 ** (index + 1))];
    w -= 0.1 * (mHat / (Math.sqrt(vHat) + epsilon) + weightDecay * w);
    return w;
  });
}

test.each([{}, { beta1: 0.8, beta2: 0.98, epsilon: 0.1 }, { weightDecay: 0.3 }])(
  'Adam with %j is as published',
  async (options) => {
    const expected = byHand([2, -1, 0.5], options);
    for (const [step, weight] of (await trained(options)).entries()) expect(weight).toBeCloseTo(expected[step], 5);
  },
);

test('gradients longer than the limit are cut to it, and shorter ones are left', async () => {
  const expected = byHand([1, -1, 0.5], { epsilon: 1 });
  for (const [step, weight] of (await trained({ epsilon: 1 }, 1)).entries())
    expect(weight).toBeCloseTo(expected[step], 5);
});

test('schedules', () => {
  const rates = (schedule: (step: number) => number) => [1, 5, 10, 20].map((step) => Number(schedule(step).toFixed(6)));
  expect(rates(warmUp(10, constantRate(2)))).toEqual([0.2, 1, 2, 2]);
  expect(rates(linearDecay(1, 10))).toEqual([0.9, 0.5, 0, 0]);
  expect(rates(cosineDecay(1, 10, 0.2))).toEqual([0.980423, 0.6, 0.2, 0.2]);
});
