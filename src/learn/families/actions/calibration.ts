import { minimise } from '../../kernels/minimise.ts';
import { lossOf } from './regression.ts';

/** Turns a model's logit into that of a chance: slope · logit + offset. */
export type Calibration = { readonly slope: number; readonly offset: number };

export const uncalibrated: Calibration = { slope: 1, offset: 0 };

/** Answers that hold the calibration near to none, as few say little. */
const supposed = 10;

/** Platt scaling (Platt 1999): by the answers of users whom the model has not seen. */
export function calibrate(logits: Float64Array, isTaken: Uint8Array, answered: Float32Array): Calibration {
  const point = Float64Array.of(1, 0);
  minimise(
    ([slope = 1, offset = 0], gradient) => {
      let cost = 0.5 * supposed * ((slope - 1) ** 2 + offset ** 2);
      let [bySlope, byOffset] = [supposed * (slope - 1), supposed * offset];
      for (let n = 0; n < logits.length; n++) {
        const found = lossOf(slope * logits[n] + offset, isTaken[n] === 1, answered[n]);
        cost += found.loss;
        bySlope += found.slope * logits[n];
        byOffset += found.slope;
      }
      gradient[0] = bySlope;
      gradient[1] = byOffset;
      return cost;
    },
    point,
    { iterations: 100, tolerance: 1e-9 },
  );
  const [slope = 1, offset = 0] = point;
  return slope > 0 ? { slope, offset } : uncalibrated;
}
