/** Columns of a strip. */
export const lanes = 8;

/**
 * A dense matrix as strips of eight columns, each row by row in an array of its own. What is done to one strip stays in
 * a near cache and in local variables: a whole row of many columns would do neither. Columns that fill up the last
 * strip are zeros.
 */
export type ColumnStrips = readonly Float64Array[];

/** A matrix of rows × columns, drawn row by row. */
export function drawStrips(rows: number, columns: number, draw: () => number): ColumnStrips {
  const strips = Array.from({ length: Math.ceil(columns / lanes) }, () => new Float64Array(rows * lanes));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      strips[Math.floor(column / lanes)][row * lanes + (column % lanes)] = draw();
    }
  }
  return strips;
}

/** aᵀ · b, row by row, of two matrices of the same shape whose product is symmetric. */
export function symmetricProduct(a: ColumnStrips, b: ColumnStrips): Float64Array {
  const width = a.length * lanes;
  const result = new Float64Array(width * width);
  for (let row = 0; row < width; row++) {
    for (let strip = Math.floor(row / lanes); strip < b.length; strip++) {
      productsWith(a[Math.floor(row / lanes)], row % lanes, b[strip]).forEach((value, lane) => {
        const column = strip * lanes + lane;
        result[row * width + column] = value;
        result[column * width + row] = value;
      });
    }
  }
  return result;
}

/**
 * Makes the columns orthonormal by Gram and Schmidt, twice for exactness; one that depends on those before it becomes
 * 0.
 */
export function orthonormalise(strips: ColumnStrips): void {
  for (const [n, strip] of strips.entries()) {
    const before = strips.slice(0, n);
    for (let round = 0; round < 2; round++) {
      const lengths = Float64Array.from({ length: lanes }, (_, lane) => lengthOf(strip, lane));
      for (const other of before) {
        for (let lane = 0; lane < lanes; lane++) {
          subtractDirection(strip, other, lane, productsWith(other, lane, strip));
        }
      }
      orthonormaliseWithin(strip, lengths);
    }
  }
}

/** @param lengths of the columns, before anything was taken out of them */
function orthonormaliseWithin(strip: Float64Array, lengths: Float64Array): void {
  for (let lane = 0; lane < lanes; lane++) {
    const left = lengthOf(strip, lane);
    const factor = left > 1e-12 * lengths[lane] ? 1 / left : 0;
    for (let at = lane; at < strip.length; at += lanes) strip[at] *= factor;
    // Of the columns to the right.
    subtractDirection(strip, strip, lane, productsWith(strip, lane, strip).fill(0, 0, lane + 1));
  }
}

function lengthOf(strip: Float64Array, lane: number): number {
  let sum = 0;
  for (let at = lane; at < strip.length; at += lanes) sum += strip[at] ** 2;
  return Math.sqrt(sum);
}

/** The products of one column of `one` with all of `other`. */
function productsWith(one: Float64Array, lane: number, other: Float64Array): Float64Array {
  let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let at = 0; at < other.length; at += lanes) {
    const value = one[at + lane];
    a += value * other[at];
    b += value * other[at + 1];
    c += value * other[at + 2];
    d += value * other[at + 3];
    e += value * other[at + 4];
    f += value * other[at + 5];
    g += value * other[at + 6];
    h += value * other[at + 7];
  }
  return Float64Array.of(a, b, c, d, e, f, g, h);
}

/** Takes out of each column so much of one column of `other`. */
function subtractDirection(strip: Float64Array, other: Float64Array, lane: number, amounts: Float64Array): void {
  const [a, b, c, d, e, f, g, h] = amounts;
  for (let at = 0; at < strip.length; at += lanes) {
    const value = other[at + lane];
    strip[at] -= value * a;
    strip[at + 1] -= value * b;
    strip[at + 2] -= value * c;
    strip[at + 3] -= value * d;
    strip[at + 4] -= value * e;
    strip[at + 5] -= value * f;
    strip[at + 6] -= value * g;
    strip[at + 7] -= value * h;
  }
}
