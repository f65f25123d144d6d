import type { Progress } from '../../util/progress.ts';
import { MatrixProducts } from './matrix-products.ts';

/** Rows and columns that are eliminated at a time. */
const block = 256;
/** The part right of the diagonal is worked on in strips of rows, each of which begins at the same column. */
const strip = 8 * block;

/**
 * Inverts a symmetric positive definite matrix in place: Gauss–Jordan elimination by blocks, whose work is nearly all
 * in matrix products, which ONNX Runtime does at the speed of the hardware. No pivots are needed (Golub and Van Loan,
 * §4.2). On the way only what lies right of the diagonal is right: below it stands the same, with the opposite sign
 * where one of row and column has been eliminated and the other not.
 *
 * @param matrix `size` rows of `size`
 * @throws the signal's reason when it is aborted
 */
export async function invertPositive(matrix: Float32Array, size: number, progress: Progress): Promise<void> {
  const products = new MatrixProducts();
  try {
    for (let from = 0; from < size; from += block) {
      progress.signal.throwIfAborted();
      progress.report(from / size, 'inverting');
      await eliminate(matrix, size, from, products);
    }
  } finally {
    await products.release();
  }
  for (let row = 1; row < size; row++) {
    for (let column = 0; column < row; column++) matrix[row * size + column] = matrix[column * size + row];
  }
}

/** Takes the unknowns of the block that begins at `from` to the other side. */
async function eliminate(matrix: Float32Array, size: number, from: number, products: MatrixProducts): Promise<void> {
  const width = Math.min(block, size - from);
  const whole = { matrix, size };
  const pivot = copyPart(whole, { row: from, height: width, column: from, width });
  invertSmall(pivot, width);
  const minus = pivot.map((value) => -value);
  const rows = await products.difference(new Float32Array(width * size), minus, ownRows(whole, from, width), size);
  for (let column = 0; column < size; column += strip) {
    const right = copyPart({ matrix: rows, size }, { row: 0, height: width, column, width: size - column });
    for (let row = column; row < Math.min(column + strip, size); row += block) {
      if (row === from) continue;
      const height = Math.min(block, size - row);
      const factors = factorsOf(whole, row, height, from, width);
      const region = { row, height, column, width: size - column };
      const result = await products.difference(copyPart(whole, region), factors, right, region.width);
      setPart(whole, region, result);
    }
  }
  matrix.set(rows, from * size);
}

type FullMatrix = { readonly matrix: Float32Array; readonly size: number };
type Region = { readonly row: number; readonly height: number; readonly column: number; readonly width: number };

/** The rows of the block, what lies left of it from above it, with an identity in its own region. */
function ownRows({ matrix, size }: FullMatrix, from: number, width: number): Float32Array {
  const own = matrix.slice(from * size, (from + width) * size);
  for (let n = 0; n < width; n++) {
    for (let column = 0; column < from; column++) own[n * size + column] = -matrix[column * size + from + n];
    own.fill(0, n * size + from, n * size + from + width);
    own[n * size + from + n] = 1;
  }
  return own;
}

/**
 * What the rows at `row` have in the columns of the block: above it taken out, below it looked up right of the
 * diagonal.
 */
function factorsOf(whole: FullMatrix, row: number, height: number, from: number, width: number): Float32Array {
  const { matrix, size } = whole;
  if (row < from) {
    const region = { row, height, column: from, width };
    const factors = copyPart(whole, region);
    setPart(whole, region, new Float32Array(height * width));
    return factors;
  }
  const factors = new Float32Array(height * width);
  for (let n = 0; n < width; n++) {
    for (let m = 0; m < height; m++) factors[m * width + n] = matrix[(from + n) * size + row + m];
  }
  return factors;
}

function copyPart({ matrix, size }: FullMatrix, { row, height, column, width }: Region): Float32Array {
  const part = new Float32Array(height * width);
  for (let n = 0; n < height; n++) {
    const begin = (row + n) * size + column;
    part.set(matrix.subarray(begin, begin + width), n * width);
  }
  return part;
}

function setPart({ matrix, size }: FullMatrix, { row, height, column, width }: Region, part: Float32Array): void {
  for (let n = 0; n < height; n++) matrix.set(part.subarray(n * width, (n + 1) * width), (row + n) * size + column);
}

/** Gauss–Jordan elimination in place, in double precision. */
function invertSmall(matrix: Float32Array, size: number): void {
  const exact = Float64Array.from(matrix);
  for (let pivot = 0; pivot < size; pivot++) {
    const own = exact.subarray(pivot * size, (pivot + 1) * size);
    const inverse = 1 / own[pivot];
    own[pivot] = 1;
    for (let n = 0; n < size; n++) own[n] = own[n] * inverse;
    for (let row = 0; row < size; row++) {
      if (row === pivot) continue;
      const other = exact.subarray(row * size, (row + 1) * size);
      const factor = other[pivot];
      other[pivot] = 0;
      for (let n = 0; n < size; n++) other[n] = other[n] - factor * own[n];
    }
  }
  matrix.set(exact);
}
