import type { ExtraItems } from './model.ts';

/**
 * A user's logits of some items.
 *
 * @param vector the user's
 * @param start what each begins with
 */
export function logitsOf(vector: Float32Array, { vectors, rows }: ExtraItems, start: number): Float32Array {
  const width = vector.length;
  const logits = new Float32Array(rows.length);
  for (let n = 0; n < rows.length; n++) {
    const row = rows[n] * width;
    let [even, odd, axis] = [start, 0, 0];
    // Two sums, as each addition waits for the one before it.
    for (; axis + 1 < width; axis += 2) {
      even += vector[axis] * vectors[row + axis];
      odd += vector[axis + 1] * vectors[row + axis + 1];
    }
    if (axis < width) even += vector[axis] * vectors[row + axis];
    logits[n] = even + odd;
  }
  return logits;
}
