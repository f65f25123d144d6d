import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { ReportFraction } from '../../util/progress.ts';
import type { Csr } from '../kernels/csr.ts';
import { normals } from '../kernels/random.ts';
import { eigenSymmetric } from './eigen-symmetric.ts';

/**
 * Directions beside those that are asked for, and how often all are multiplied with the matrix: more of either is more
 * exact.
 */
const oversampling = 8;
const iterations = 4;

export type Svd = {
  /** columns × rank, float32: right singular vectors, that of the greatest value first. */
  readonly vectors: Float32Array;
  /** Of them at most `rank`: those above 0. */
  readonly values: readonly number[];
};

/**
 * The leading right singular vectors of a sparse matrix A: randomised subspace iteration on AᵀA (Halko, Martinsson and
 * Tropp 2011, algorithms 4.4 and 5.3). It goes over A row by row and holds nothing but three matrices of columns ×
 * (rank + 8). The same seed gives the same vectors.
 */
export async function randomisedSvd(
  matrix: Required<Csr>,
  rank: number,
  seed: number,
  progress: ReportFraction = () => {},
): Promise<Svd> {
  const { rows, columns } = matrix;
  const width = Math.min(rows, columns, rank + oversampling);
  const random = normals(1, seed);
  let basis = Float64Array.from({ length: columns * width }, random);
  orthonormalise(basis, width);
  for (let n = 0; n < iterations; n++) {
    basis = timesGram(matrix, basis, width);
    orthonormalise(basis, width);
    progress((n + 1) / (iterations + 1));
    await letOthersRun();
  }
  const { values, vectors } = eigenSymmetric(product(basis, timesGram(matrix, basis, width), width));
  const least = 1e-10 * Math.max(values[0], 0);
  const kept = values.slice(0, rank).filter((value) => value > least);
  const rotated = new Float32Array(columns * kept.length);
  for (let row = 0; row < columns; row++) {
    for (let k = 0; k < kept.length; k++) {
      let sum = 0;
      for (let n = 0; n < width; n++) sum += basis[row * width + n] * vectors[n * width + k];
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
    const [begin, end] = [offsets[row], offsets[row + 1]];
    image.fill(0);
    for (let entry = begin; entry < end; entry++) {
      const [from, value] = [indices[entry] * width, values[entry]];
      for (let n = 0; n < width; n++) image[n] = image[n] + value * basis[from + n];
    }
    for (let entry = begin; entry < end; entry++) {
      const [to, value] = [indices[entry] * width, values[entry]];
      for (let n = 0; n < width; n++) result[to + n] += value * image[n];
    }
  }
  return result;
}

/**
 * Makes the columns orthonormal by Gram and Schmidt, twice for exactness; one that depends on those before it becomes
 * 0. It works on a copy in which each column lies in one piece: a step from row to row would miss the caches every
 * time.
 */
function orthonormalise(basis: Float64Array, width: number): void {
  const length = basis.length / width;
  const columns = Array.from({ length: width }, (_, n) => {
    const column = new Float64Array(length);
    for (let row = 0; row < length; row++) column[row] = basis[row * width + n];
    return column;
  });
  for (const [n, column] of columns.entries()) {
    const before = Math.sqrt(dot(column, column));
    for (let round = 0; round < 2; round++) {
      for (let other = 0; other < n; other++) removeDirection(column, columns[other] ?? column);
    }
    const left = Math.sqrt(dot(column, column));
    const factor = left > 1e-12 * before ? 1 / left : 0;
    for (let row = 0; row < length; row++) column[row] = column[row] * factor;
  }
  for (const [n, column] of columns.entries()) {
    for (let row = 0; row < length; row++) basis[row * width + n] = column[row];
  }
}

/** Takes out of `column` what it has of a direction of length 1. */
function removeDirection(column: Float64Array, direction: Float64Array): void {
  const share = dot(direction, column);
  for (let row = 0; row < column.length; row++) column[row] = column[row] - share * direction[row];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < a.length; row++) sum += a[row] * b[row];
  return sum;
}

/** aᵀ · b of two matrices of so many columns. */
function product(a: Float64Array, b: Float64Array, width: number): Float64Array {
  const result = new Float64Array(width * width);
  for (let at = 0; at < a.length; at += width) {
    for (let row = 0; row < width; row++) {
      const factor = a[at + row];
      for (let column = 0; column < width; column++) {
        result[row * width + column] = result[row * width + column] + factor * b[at + column];
      }
    }
  }
  return result;
}
