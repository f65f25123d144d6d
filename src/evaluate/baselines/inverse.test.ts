import { describe, expect, it } from 'vitest';
import { uniforms } from '../../learn/kernels/random.ts';
import { unwatched } from '../../learn/training/training.fixture.ts';
import { invertPositive } from './inverse.ts';

/** XᵀX + ridge, with X of random zeros and ones. */
function gram(size: number, ridge: number): Float32Array {
  const random = uniforms(size);
  const matrix = new Float32Array(size * size);
  for (let user = 0; user < 40; user++) {
    const had = Array.from({ length: size }, (_, item) => item).filter(() => random() < 0.1);
    for (const a of had) for (const b of had) matrix[a * size + b] += 1;
  }
  for (let n = 0; n < size; n++) matrix[n * size + n] += ridge;
  return matrix;
}

/** How far A⁻¹(A·x) is from x, in its worst entry. */
function worstError(matrix: Float32Array, inverse: Float32Array, size: number): number {
  const random = uniforms(7);
  const x = Float64Array.from({ length: size }, random);
  const back = times(inverse, times(matrix, x));
  return back.reduce((worst, value, n) => Math.max(worst, Math.abs(value - x[n])), 0);
}

function times(matrix: Float32Array, vector: Float64Array): Float64Array {
  return vector.map((_, row) => {
    let sum = 0;
    for (let n = 0; n < vector.length; n++) sum += matrix[row * vector.length + n] * vector[n];
    return sum;
  });
}

describe('invertPositive', () => {
  it.each([1, 2, 255, 256, 257, 513, 2100])('inverts a matrix of %i rows', async (size) => {
    const matrix = gram(size, 20);
    const inverse = matrix.slice();
    await invertPositive(inverse, size, unwatched);
    expect(worstError(matrix, inverse, size)).toBeLessThan(1e-4);
  });

  it('stops when it is told to', async () => {
    const progress = { report: () => {}, signal: AbortSignal.abort(new Error('enough')) };
    await expect(invertPositive(gram(4, 1), 4, progress)).rejects.toThrow('enough');
  });
});
