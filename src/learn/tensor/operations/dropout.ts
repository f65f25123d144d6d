import type { Value } from '../graph/value.ts';
import { multiply } from './arithmetic.ts';

/**
 * In training each element is dropped with the probability `rate` and the others are multiplied by 1 / (1 − rate), by a
 * mask that is fed (Srivastava et al. 2014); in inference nothing happens.
 *
 * @throws RangeError if the rate is not from 0 up to below 1
 */
export function dropout(value: Value, rate: number): Value {
  if (!(rate >= 0 && rate < 1)) throw new RangeError(`A dropout rate of ${rate} is not from 0 up to below 1.`);
  if (rate === 0) return value;
  const mask: Value = { type: 'float32', shape: value.shape, source: { kind: 'mask', rate } };
  return {
    type: value.type,
    shape: value.shape,
    source: {
      kind: 'alias',
      of: multiply(value, mask),
      inference: value,
      inputs: [value],
      gradient: ([gradient]) => [gradient && multiply(gradient, mask)],
    },
  };
}
