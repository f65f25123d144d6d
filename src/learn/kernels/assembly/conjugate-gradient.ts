import { madd } from './madd';
import { addRows, addScaled, dot, dots } from './vectors';

/**
 * Improves `solution` of (gram + ridge·I + Σ w·y·yᵀ)·x = Σ w·y by conjugate gradient from its present value (Takács,
 * Pilászy, Tikk 2011: the matrix is never formed). `pointers` and `weights` name the rows y, their `count` is a
 * multiple of 4 (filled up with weight 0); `gram` is square with rows of `bytes`. `scratch` has room for three vectors.
 * Stops when the squared residual is below `tolerance`.
 */
export function conjugateGradient(
  solution: usize,
  pointers: usize,
  weights: usize,
  count: usize,
  gram: usize,
  ridge: f32,
  bytes: usize,
  steps: i32,
  tolerance: f32,
  scratch: usize,
): void {
  const residual = scratch;
  const direction = scratch + bytes;
  const image = scratch + 2 * bytes;
  missing(1, solution, pointers, weights, count, gram, ridge, bytes, residual);
  memory.copy(direction, residual, bytes);
  let before = dot(residual, residual, bytes);
  for (let step = 0; step < steps && before > tolerance; step++) {
    missing(0, direction, pointers, weights, count, gram, ridge, bytes, image);
    const length = -before / dot(direction, image, bytes);
    addScaled(length, direction, solution, bytes);
    addScaled(length, image, residual, bytes);
    const after = dot(residual, residual, bytes);
    turn(after / before, residual, direction, bytes);
    before = after;
  }
}

/**
 * out = Σ w·(target − y·x)·y − (gram + ridge·I)·x: the residual for target 1, minus the matrix times x for target 0.
 */
function missing(
  target: f32,
  vector: usize,
  pointers: usize,
  weights: usize,
  count: usize,
  gram: usize,
  ridge: f32,
  bytes: usize,
  out: usize,
): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    const row = gram + (at >> 2) * bytes;
    const product = dots(row, row + bytes, row + bytes * 2, row + bytes * 3, vector, bytes);
    const shrunk = f32x4.mul(v128.load(vector + at), f32x4.splat(ridge));
    v128.store(out + at, f32x4.neg(f32x4.add(product, shrunk)));
  }
  const wanted = f32x4.splat(target);
  const end = count << 2;
  for (let at: usize = 0; at < end; at += 16) {
    const row0 = load<u32>(pointers + at);
    const row1 = load<u32>(pointers + at, 4);
    const row2 = load<u32>(pointers + at, 8);
    const row3 = load<u32>(pointers + at, 12);
    const gap = f32x4.sub(wanted, dots(row0, row1, row2, row3, vector, bytes));
    addRows(row0, row1, row2, row3, f32x4.mul(v128.load(weights + at), gap), out, bytes);
  }
}

/** direction = residual + factor × direction */
function turn(factor: f32, residual: usize, direction: usize, bytes: usize): void {
  const lanes = f32x4.splat(factor);
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(direction + at, madd(v128.load(direction + at), lanes, v128.load(residual + at)));
  }
}
