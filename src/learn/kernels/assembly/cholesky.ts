import { addRows, dot } from './vectors';

/**
 * Adds Σ w·y·yᵀ to the lower triangle of `matrix` (`size` rows of `bytes`) and Σ w·y to `right`. `pointers` and
 * `weights` name the rows y; their `count` is a multiple of 4, filled up with weight 0.
 */
export function addObservations(
  pointers: usize, weights: usize, count: usize, size: usize, bytes: usize, matrix: usize, right: usize,
): void {
  for (let at: usize = 0; at < count << 2; at += 16) {
    const row0 = load<u32>(pointers + at);
    const row1 = load<u32>(pointers + at, 4);
    const row2 = load<u32>(pointers + at, 8);
    const row3 = load<u32>(pointers + at, 12);
    const weight = v128.load(weights + at);
    addRows(row0, row1, row2, row3, weight, right, bytes);
    for (let i: usize = 0; i < size; i++) {
      let column = v128.load32_zero(row0 + <u32>(i << 2));
      column = v128.load_lane<f32>(row1 + <u32>(i << 2), column, 1);
      column = v128.load_lane<f32>(row2 + <u32>(i << 2), column, 2);
      column = v128.load_lane<f32>(row3 + <u32>(i << 2), column, 3);
      addRows(row0, row1, row2, row3, f32x4.mul(weight, column), matrix + i * bytes, upTo(i));
    }
  }
}

/**
 * Solves (matrix + ridge·I)·x = x in place by Cholesky; reads the lower triangle of `matrix`. `lower` has room for
 * `size` rows of `bytes`.
 */
export function solvePositive(x: usize, matrix: usize, ridge: f32, size: usize, bytes: usize, lower: usize): void {
  memory.fill(lower, 0, size * bytes);
  factorise(matrix, ridge, size, bytes, lower);
  substitute(x, lower, size, bytes);
}

/** Bytes of whole steps of 8 floats that hold columns 0 … i. */
// @ts-ignore: decorator
@inline
function upTo(i: usize): usize {
  return ((i + 8) & ~7) << 2;
}

/** lower · lowerᵀ = matrix + ridge·I; what is not written yet in `lower` is zero, so whole steps may be multiplied. */
function factorise(matrix: usize, ridge: f32, size: usize, bytes: usize, lower: usize): void {
  for (let i: usize = 0; i < size; i++) {
    const row = lower + i * bytes;
    for (let j: usize = 0; j < i; j++) {
      const other = lower + j * bytes;
      const rest = load<f32>(matrix + i * bytes + j * 4) - dot(row, other, upTo(j));
      store<f32>(row + j * 4, rest / load<f32>(other + j * 4));
    }
    const rest = load<f32>(matrix + i * bytes + i * 4) + ridge - dot(row, row, upTo(i));
    store<f32>(row + i * 4, sqrt<f32>(rest));
  }
}

/** Solves lower · lowerᵀ · x = x in place: forward by rows, then backward by columns. */
function substitute(x: usize, lower: usize, size: usize, bytes: usize): void {
  for (let i: usize = 0; i < size; i++) {
    let rest = load<f32>(x + i * 4);
    for (let j: usize = 0; j < i; j++) rest -= load<f32>(lower + i * bytes + j * 4) * load<f32>(x + j * 4);
    store<f32>(x + i * 4, rest / load<f32>(lower + i * bytes + i * 4));
  }
  for (let i = size; i > 0; i--) {
    const row = lower + (i - 1) * bytes;
    const value = load<f32>(x + (i - 1) * 4) / load<f32>(row + (i - 1) * 4);
    store<f32>(x + (i - 1) * 4, value);
    for (let j: usize = 0; j < i - 1; j++) store<f32>(x + j * 4, load<f32>(x + j * 4) - value * load<f32>(row + j * 4));
  }
}
