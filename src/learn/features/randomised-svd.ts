import type { Csr } from '../kernels/csr.ts';
import { normals } from '../kernels/random.ts';
import { eigenSymmetric } from './eigen-symmetric.ts';

/** Directions beside those that are asked for, and how often all are multiplied with the matrix: more of either is more exact. */
const oversampling = 8;
const iterations = 4;

export type Svd = {
  /** columns × rank, float32: right singular vectors, that of the greatest value first. */
  readonly vectors: Float32Array;
  /** Of them at most `rank`: those above 0. */
  readonly values: readonly number[];
};

/**
 * The leading right singular vectors of a sparse matrix A: randomised subspace iteration on AᵀA (Halko, Martinsson and Tropp 2011,
 * algorithms 4.4 and 5.3). It goes over A row by row and holds nothing but two matrices of columns × (rank + 8). The same seed gives the
 * same vectors.
 */
export function randomisedSvd(matrix: Required<Csr>, rank: number, seed: number): Svd {
  const { columns } = matrix;
  const width = Math.min(columns, rank + oversampling);
  const random = normals(1, seed);
  let basis = Float64Array.from({ length: columns * width }, random);
  orthonormalise(basis, width);
  for (let n = 0; n < iterations; n++) {
    basis = timesGram(matrix, basis, width);
    orthonormalise(basis, width);
  }
  const { values, vectors } = eigenSymmetric(product(basis, timesGram(matrix, basis, width), width));
  const least = 1e-10 * Math.max(values[0] ?? 0, 0);
  const kept = values.slice(0, rank).filter((value) => value > least);
  const rotated = new Float32Array(columns * kept.length);
  for (let row = 0; row < columns; row++) {
    for (let k = 0; k < kept.length; k++) {
      let sum = 0;
      for (let n = 0; n < width; n++) sum += (basis[row * width + n] ?? 0) * (vectors[n * width + k] ?? 0);
      rotated[row * kept.length + k] = sum;
    }
  }
  return { vectors: rotated, values: kept.map(Math.sqrt) };
}

/** Aᵀ(A · basis). */
function timesGram(
  { rows, offsets, indices, values }: Required<Csr>,
  basis: Float64Array,
  width: number,
): Float64Array<ArrayBuffer> {
  const result = new Float64Array(basis.length);
  const image = new Float64Array(width);
  for (let row = 0; row < rows; row++) {
    const [begin, end] = [offsets[row] ?? 0, offsets[row + 1] ?? 0];
    image.fill(0);
    for (let entry = begin; entry < end; entry++) {
      const [from, value] = [(indices[entry] ?? 0) * width, values[entry] ?? 0];
      for (let n = 0; n < width; n++) image[n] = (image[n] ?? 0) + value * (basis[from + n] ?? 0);
    }
    for (let entry = begin; entry < end; entry++) {
      const [to, value] = [(indices[entry] ?? 0) * width, values[entry] ?? 0];
      for (let n = 0; n < width; n++) result[to + n] = (result[to + n] ?? 0) + value * (image[n] ?? 0);
    }
  }
  return result;
}

/** Makes the columns orthonormal by Gram and Schmidt, twice for exactness; one that depends on those before it becomes 0. */
function orthonormalise(basis: Float64Array, width: number): void {
  for (let column = 0; column < width; column++) {
    const length = norm(basis, column, width);
    for (let round = 0; round < 2; round++) {
      for (let before = 0; before < column; before++) {
        let dot = 0;
        for (let at = 0; at < basis.length; at += width) dot += (basis[at + before] ?? 0) * (basis[at + column] ?? 0);
        for (let at = 0; at < basis.length; at += width) {
          basis[at + column] = (basis[at + column] ?? 0) - dot * (basis[at + before] ?? 0);
        }
      }
    }
    const left = norm(basis, column, width);
    const factor = left > 1e-12 * length ? 1 / left : 0;
    for (let at = column; at < basis.length; at += width) basis[at] = (basis[at] ?? 0) * factor;
  }
}

function norm(basis: Float64Array, column: number, width: number): number {
  let sum = 0;
  for (let at = column; at < basis.length; at += width) sum += (basis[at] ?? 0) ** 2;
  return Math.sqrt(sum);
}

/** aᵀ · b of two matrices of so many columns. */
function product(a: Float64Array, b: Float64Array, width: number): Float64Array {
  const result = new Float64Array(width * width);
  for (let at = 0; at < a.length; at += width) {
    for (let row = 0; row < width; row++) {
      const factor = a[at + row] ?? 0;
      for (let column = 0; column < width; column++) {
        result[row * width + column] = (result[row * width + column] ?? 0) + factor * (b[at + column] ?? 0);
      }
    }
  }
  return result;
}
