/** Sweeps over all pairs; a handful suffices for any matrix of some hundred rows. */
const mostSweeps = 30;

/**
 * Eigenvalues of a symmetric matrix, greatest first, and its eigenvectors as columns in that order: Jacobi's rotations
 * (Golub and Van Loan, Matrix Computations, §8.5).
 */
export function eigenSymmetric(matrix: Float64Array): { readonly values: number[]; readonly vectors: Float64Array } {
  const size = Math.round(Math.sqrt(matrix.length));
  const a = matrix.slice();
  const v = new Float64Array(size * size);
  for (let n = 0; n < size; n++) v[n * size + n] = 1;
  const total = a.reduce((sum, value) => sum + value ** 2, 0);
  for (let sweep = 0; sweep < mostSweeps && offDiagonal(a, size) > 1e-24 * total; sweep++) {
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, v, size, p, q);
  }
  const order = Array.from({ length: size }, (_, n) => n).sort((x, y) => at(a, y * size + y) - at(a, x * size + x));
  const vectors = new Float64Array(size * size);
  order.forEach((from, to) => {
    for (let row = 0; row < size; row++) vectors[row * size + to] = at(v, row * size + from);
  });
  return { values: order.map((n) => at(a, n * size + n)), vectors };
}

/** Turns the axes p and q so that the elements between them become 0. */
function rotate(a: Float64Array, v: Float64Array, size: number, p: number, q: number): void {
  const between = at(a, p * size + q);
  if (between === 0) return;
  const theta = (at(a, q * size + q) - at(a, p * size + p)) / (2 * between);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta ** 2 + 1));
  const cosine = 1 / Math.sqrt(tangent ** 2 + 1);
  const sine = tangent * cosine;
  const turn = (of: Float64Array, x: number, y: number) => {
    const [left, right] = [at(of, x), at(of, y)];
    of[x] = cosine * left - sine * right;
    of[y] = sine * left + cosine * right;
  };
  for (let row = 0; row < size; row++) turn(a, row * size + p, row * size + q);
  for (let column = 0; column < size; column++) turn(a, p * size + column, q * size + column);
  for (let row = 0; row < size; row++) turn(v, row * size + p, row * size + q);
}

function offDiagonal(a: Float64Array, size: number): number {
  let sum = 0;
  for (let row = 0; row < size; row++)
    for (let column = 0; column < row; column++) sum += 2 * at(a, row * size + column) ** 2;
  return sum;
}

const at = (array: Float64Array, index: number) => array[index];
