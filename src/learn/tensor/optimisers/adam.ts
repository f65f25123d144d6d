import { add, divide, multiply, squareRoot, subtract } from '../operations/arithmetic.ts';
import type { Optimiser } from './optimiser.ts';

export type AdamOptions = {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  /** Decoupled from the gradient (AdamW), for matrices: gains and biases are left alone. */
  readonly weightDecay?: number;
};

/**
 * Adam (Kingma and Ba 2015), with weight decay AdamW (Loshchilov and Hutter 2019).
 *
 * The moments are kept as m / (1 − β₁) and v / (1 − β₂), which spares two passes over each parameter; the factors and
 * the bias corrections go into the two numbers that a step is fed: with c₁ = (1 − β₁) / (1 − β₁ᵗ) and c₂² = (1 − β₂) /
 * (1 − β₂ᵗ), rate · c₁ m / (c₂ √v + ε) = (rate · c₁ / c₂) · m / (√v + ε / c₂).
 */
export function adam(options: AdamOptions = {}): Optimiser {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options;
  return {
    moments: ['m', 'v'],
    scalars: weightDecay === 0 ? ['rate', 'epsilon'] : ['rate', 'epsilon', 'keep'],
    scalarsAt(step, rate) {
      const first = (1 - beta1) / (1 - beta1 ** step);
      const second = Math.sqrt((1 - beta2) / (1 - beta2 ** step));
      return { rate: (rate * first) / second, epsilon: epsilon / second, keep: 1 - rate * weightDecay };
    },
    update({ parameter, gradient, moments: [m, v], scalars: { rate, epsilon, keep }, decays }) {
      if (!m || !v || !rate || !epsilon) throw new Error('Adam has two moments, a rate and an epsilon.');
      const momentum = add(multiply(m, beta1), gradient);
      const variance = add(multiply(v, beta2), multiply(gradient, gradient));
      const move = multiply(divide(momentum, add(squareRoot(variance), epsilon)), rate);
      const kept = keep && decays ? multiply(parameter, keep) : parameter;
      return { parameter: subtract(kept, move), moments: [momentum, variance] };
    },
  };
}
