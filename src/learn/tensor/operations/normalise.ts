import { applyMany, float, integer } from '../graph/apply.ts';
import { sameShape, sizeAt, sizeOf } from '../graph/shape.ts';
import { describe, type Value } from '../graph/value.ts';
import { multiply, square, subtract } from './arithmetic.ts';
import { matmul } from './matmul.ts';
import { reshapeTo } from './reshape-to.ts';
import { sumOfColumns, sumTo } from './sum-to.ts';

/**
 * (x − mean) / √(variance + epsilon) · gain + bias over the last axis (Ba, Kiros and Hinton 2016). The operator hands
 * its mean and inverse deviation to the way back.
 *
 * @throws Error if gain or bias is not as wide as x
 */
export function layerNormalise(x: Value, gain: Value, bias: Value, epsilon = 1e-5): Value {
  const width = sizeAt(x.shape, -1);
  for (const value of [gain, bias]) {
    if (!sameShape(value.shape, [width]))
      throw new Error(`layerNormalise: ${describe(value)} does not fit ${describe(x)}.`);
  }
  const narrow = x.shape.with(-1, 1);
  const [y] = applyMany('LayerNormalization', [x, gain, bias], {
    outputs: [x.shape, narrow, narrow].map((shape) => ({ shape, type: 'float32' })),
    attributes: { axis: integer(-1), epsilon: float(epsilon) },
    gradient: ([dy], [, mean, inverse]) => (dy && mean && inverse ? backward({ x, gain, mean, inverse, dy }) : []),
  });
  if (!y) throw new Error('LayerNormalization has no output.');
  return y;
}

type Known = Readonly<Record<'x' | 'gain' | 'mean' | 'inverse' | 'dy', Value>>;

/**
 * dx = inverse · (dy·gain − mean(dy·gain) − x̂ · mean(dy·gain·x̂)), the means over a row as products with gain / width.
 * Of x̂ = (x − mean) · inverse only the difference is computed: the factor goes to numbers of which there is one a row.
 */
function backward({ x, gain, mean, inverse, dy }: Known): readonly [Value, Value, Value] {
  const width = sizeAt(x.shape, -1);
  const count = sizeOf(x.shape) / width;
  const share = reshapeTo(multiply(gain, 1 / width), [width, 1]);
  const meanOver = (value: Value) => reshapeTo(matmul(reshapeTo(value, [count, width]), share), mean.shape);
  const centred = subtract(x, mean);
  const steep = multiply(dy, centred);
  const slope = multiply(square(inverse), meanOver(steep));
  const back = subtract(subtract(multiply(dy, gain), meanOver(dy)), multiply(centred, slope));
  const ofGain = reshapeTo(sumOfColumns(inverse, steep, width), gain.shape);
  return [multiply(back, inverse), ofGain, sumTo(dy, gain.shape)];
}
