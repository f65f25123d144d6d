import type { Regarded, Regarding } from '../model.ts';
import { probability } from './softmax.ts';

/**
 * What a user of this vector thinks of some items.
 *
 * @param start what the logit of each begins with
 * @param logSum of the logits of all items that are scored
 */
export function regard(vector: Float32Array, { vectors, rows }: Regarding, start: number, logSum: number): Regarded {
  const width = vector.length;
  const logits = new Float32Array(rows.length);
  const scores = new Float32Array(rows.length);
  for (let n = 0; n < rows.length; n++) {
    const row = (rows[n] ?? 0) * width;
    let logit = start;
    for (let axis = 0; axis < width; axis++) logit += (vector[axis] ?? 0) * (vectors[row + axis] ?? 0);
    logits[n] = logit;
    scores[n] = probability(logit, logSum);
  }
  return { logits, scores };
}
