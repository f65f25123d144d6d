import { apply, float } from '../graph/apply.ts';
import { type Value, withGradient } from '../graph/value.ts';
import { add, multiply, square, subtract } from './arithmetic.ts';

export function sigmoid(value: Value): Value {
  return apply('Sigmoid', [value], {
    shape: value.shape,
    gradient: (gradient, s) => [multiply(gradient, multiply(s, subtract(1, s)))],
  });
}

export function tanh(value: Value): Value {
  return apply('Tanh', [value], {
    shape: value.shape,
    gradient: (gradient, t) => [multiply(gradient, subtract(1, square(t)))],
  });
}

export function relu(value: Value): Value {
  return apply('Relu', [value], {
    shape: value.shape,
    gradient: (gradient, r) => [multiply(gradient, step(r))],
  });
}

/** 1 where x is more than 0, else 0: a ramp as steep as numbers are, in one pass where a comparison takes two. */
const step = (x: Value): Value =>
  apply('HardSigmoid', [x], { shape: x.shape, attributes: { alpha: float(3.4e38), beta: float(0) } });

/** x · Φ(x), exactly (Hendrycks and Gimpel 2016); the slope is Φ(x) + x · φ(x). */
export function gelu(value: Value): Value {
  const { shape } = value;
  const error = apply('Erf', [multiply(value, Math.SQRT1_2)], { shape });
  const below = multiply(0.5, add(1, error));
  return withGradient(multiply(value, below), [value], (gradient) => {
    const density = apply('Exp', [multiply(-0.5, square(value))], { shape });
    return [multiply(gradient, add(below, multiply(value, multiply(density, 1 / Math.sqrt(2 * Math.PI)))))];
  });
}

/** x · σ(x) (Elfwing, Uchibe and Doya 2017); the slope is σ(x) · (1 + x · (1 − σ(x))). */
export function silu(value: Value): Value {
  const s = sigmoid(value);
  return withGradient(multiply(value, s), [value], (gradient) => [
    multiply(gradient, multiply(s, add(1, multiply(value, subtract(1, s))))),
  ]);
}

/** ln(1 + eˣ), the slope of which is σ(x). */
export function softplus(value: Value): Value {
  return apply('Softplus', [value], {
    shape: value.shape,
    gradient: (gradient) => [multiply(gradient, sigmoid(value))],
  });
}

export const activations = { relu, gelu, silu, tanh, sigmoid } as const;
export type Activation = keyof typeof activations;
