import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { ReportFraction } from '../../util/progress.ts';
import type { Csr } from '../kernels/csr.ts';
import { normals } from '../kernels/random.ts';
import { type ColumnStrips, drawStrips, lanes, orthonormalise, symmetricProduct } from './column-strips.ts';
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
 * Tropp 2011, algorithms 4.4 and 5.3). It goes over A row by row and holds nothing but two matrices of columns ×
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
  let basis = drawStrips(columns, width, normals(1, seed));
  for (let n = 0; n < iterations; n++) {
    basis = basis.map((strip) => timesGram(matrix, strip));
    orthonormalise(basis);
    progress((n + 1) / (iterations + 1));
    await letOthersRun();
  }
  const images = basis.map((strip) => timesGram(matrix, strip));
  const { values, vectors } = eigenSymmetric(symmetricProduct(basis, images));
  const least = 1e-10 * Math.max(values[0], 0);
  const kept = values.slice(0, rank).filter((value) => value > least);
  return { vectors: rotate(basis, columns, vectors, kept.length), values: kept.map(Math.sqrt) };
}

/** Aᵀ(A · strip). Math.imul, since the engine makes the product of two unsigned integers a float. */
function timesGram({ rows, offsets, indices, values }: Required<Csr>, strip: Float64Array): Float64Array {
  const result = new Float64Array(strip.length);
  for (let row = 0; row < rows; row++) {
    const [begin, end] = [offsets[row], offsets[row + 1]];
    let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let entry = begin; entry < end; entry++) {
      const from = Math.imul(indices[entry], lanes);
      const value = values[entry];
      a += value * strip[from];
      b += value * strip[from + 1];
      c += value * strip[from + 2];
      d += value * strip[from + 3];
      e += value * strip[from + 4];
      f += value * strip[from + 5];
      g += value * strip[from + 6];
      h += value * strip[from + 7];
    }
    for (let entry = begin; entry < end; entry++) {
      const to = Math.imul(indices[entry], lanes);
      const value = values[entry];
      result[to] += value * a;
      result[to + 1] += value * b;
      result[to + 2] += value * c;
      result[to + 3] += value * d;
      result[to + 4] += value * e;
      result[to + 5] += value * f;
      result[to + 6] += value * g;
      result[to + 7] += value * h;
    }
  }
  return result;
}

/** basis · (the first `kept` columns of vectors), row by row. */
function rotate(basis: ColumnStrips, rows: number, vectors: Float64Array, kept: number): Float32Array {
  const width = basis.length * lanes;
  const rotated = new Float32Array(rows * kept);
  const sums = new Float64Array(kept);
  for (let row = 0; row < rows; row++) {
    sums.fill(0);
    for (let n = 0; n < width; n++) {
      const amount = basis[Math.floor(n / lanes)][row * lanes + (n % lanes)];
      for (let k = 0; k < kept; k++) sums[k] += amount * vectors[n * width + k];
    }
    rotated.set(sums, row * kept);
  }
  return rotated;
}
