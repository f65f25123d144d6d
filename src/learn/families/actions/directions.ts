import { eigenSymmetric } from '../../features/eigen-symmetric.ts';
import type { RegressionRows } from './regression.ts';

/** Linear combinations of a row's features, but for the first, which is 1: features × width, row by row. */
export type Directions = { readonly width: number; readonly values: Float64Array };

/** Directions that matter less than this, beside the greatest, are left out. */
const leastStrength = 0.1;

/**
 * The directions of a row in which actions differ, each as long as it matters: ridge penalties on them are those on the
 * trace norm of all coefficients, so that what decides about one action is looked for where it decides about others
 * (convex multi-task feature learning: Argyriou, Evgeniou and Pontil 2008).
 *
 * @param ofActions actions × width, as a fit on rows of this width found them
 */
export function sharedDirections(ofActions: Float64Array, width: number): Directions {
  const features = width - 1;
  const actions = ofActions.length / width;
  const moments = new Float64Array(features * features);
  for (let action = 0; action < actions; action++) {
    const at = action * width + 1;
    for (let n = 0; n < features; n++) {
      const amount = ofActions[at + n] / actions;
      for (let m = 0; m < features; m++)
        moments[n * features + m] = moments[n * features + m] + amount * ofActions[at + m];
    }
  }
  const { values, vectors } = eigenSymmetric(moments);
  const strengths = values.map((value) => Math.max(value, 0) ** 0.25);
  const most = Math.max(strengths[0] ?? 0, 1e-12);
  const kept = strengths.filter((strength) => strength > leastStrength * most);
  const directions = new Float64Array(features * kept.length);
  for (let n = 0; n < features; n++) {
    for (const [k, strength] of kept.entries())
      directions[n * kept.length + k] = (strength / most) * vectors[n * features + k];
  }
  return { width: kept.length, values: directions };
}

/** Rows in these directions. */
export function inDirections(rows: RegressionRows, { width, values }: Directions): RegressionRows {
  const to = width + 1;
  const features = new Float32Array(rows.count * to);
  const sums = new Float64Array(width);
  for (let row = 0; row < rows.count; row++) {
    sums.fill(0);
    for (let n = 1; n < rows.width; n++) {
      const amount = rows.features[row * rows.width + n];
      if (amount === 0) continue;
      const from = (n - 1) * width;
      for (let k = 0; k < width; k++) sums[k] = sums[k] + amount * values[from + k];
    }
    features[row * to] = 1;
    features.set(sums, row * to + 1);
  }
  return { ...rows, width: to, features };
}

/** Coefficients of the features that directions are made of, from those of the directions. */
export function ofFeatures(ofActions: Float64Array, { width, values }: Directions): Float64Array {
  const actions = ofActions.length / (width + 1);
  const features = values.length / width;
  const result = new Float64Array(actions * (features + 1));
  for (let action = 0; action < actions; action++) {
    const from = action * (width + 1);
    const to = action * (features + 1);
    result[to] = ofActions[from];
    for (let n = 0; n < features; n++) {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += ofActions[from + 1 + k] * values[n * width + k];
      result[to + 1 + n] = sum;
    }
  }
  return result;
}
