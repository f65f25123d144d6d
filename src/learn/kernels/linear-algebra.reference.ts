// Reference implementations of the kernels, in double precision, which the tests compare them with.
import { type AlsObjective, ridge } from './als-problem.ts';

export type Matrix = readonly Float64Array[];

/** The rows of a flat array of `length` numbers each. */
export function rowsOf(flat: Float32Array, length: number): Matrix {
  const count = flat.length / length;
  return Array.from({ length: count }, (_, row) => Float64Array.from(flat.subarray(row * length, (row + 1) * length)));
}

export function dotOf(left: Float64Array, right: Float64Array): number {
  return left.reduce((sum, value, index) => sum + value * right[index], 0);
}

/** The exact user step of ALS: the system of equations written out and solved by Gaussian elimination. */
export function foldIn(
  objective: AlsObjective,
  itemFactors: Matrix,
  items: readonly number[],
  weights: readonly number[],
): Float64Array {
  const size = itemFactors[0]?.length ?? 0;
  const system = Array.from({ length: size }, () => new Float64Array(size + 1));
  const add = (row: Float64Array, weight: number, target: number) =>
    system.forEach((equation, i) => {
      for (let j = 0; j < size; j++) equation[j] += weight * row[i] * row[j];
      equation[size] += target * row[i];
    });
  for (const row of itemFactors) add(row, objective.alpha, 0);
  items.forEach((item, n) => {
    add(itemFactors[item] ?? new Float64Array(size), weights[n], weights[n]);
  });
  const shrink = ridge(objective, items.length, itemFactors.length);
  system.forEach((equation, i) => {
    equation[i] += shrink;
  });
  return eliminate(system);
}

/**
 * The solution of a positive definite system, whose right side is the last column; Gauss and Jordan, no pivoting
 * needed.
 */
function eliminate(system: Float64Array[]): Float64Array {
  const size = system.length;
  system.forEach((pivotRow, pivot) => {
    const scale = pivotRow[pivot];
    for (let j = pivot; j <= size; j++) pivotRow[j] = pivotRow[j] / scale;
    system.forEach((equation, i) => {
      const factor = equation[pivot];
      if (i === pivot || factor === 0) return;
      for (let j = pivot; j <= size; j++) equation[j] = equation[j] - factor * pivotRow[j];
    });
  });
  return Float64Array.from(system, (equation) => equation[size]);
}
