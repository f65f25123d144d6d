import { availableParallelism } from 'node:os';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Watch } from '../../../data/watch.ts';
import { writeOnnx } from '../../tensor/onnx/model.ts';

/** Rows and columns that are eliminated at a time. */
const block = 256;

/**
 * Inverts a symmetric positive definite matrix in place: Gauss–Jordan elimination by blocks, whose work is nearly all in
 * matrix products, which ONNX Runtime does at the speed of the hardware. No pivots are needed (Golub and Van Loan, §4.2).
 *
 * @param matrix `size` rows of `size`
 * @throws the signal's reason when it is aborted
 */
export async function invertPositive(matrix: Float32Array, size: number, watch: Watch): Promise<void> {
  const products = new Products(size);
  try {
    for (let from = 0; from < size; from += block) {
      watch.signal.throwIfAborted();
      watch.progress(from / size, 'inverting');
      await eliminate(matrix, size, from, products);
    }
  } finally {
    await products.release();
  }
}

/** Takes the unknowns of the block that begins at `from` to the other side. */
async function eliminate(matrix: Float32Array, size: number, from: number, products: Products): Promise<void> {
  const width = Math.min(block, size - from);
  const pivot = cutColumns(matrix, size, from, width, from, width);
  invertSmall(pivot, width);
  const own = matrix.subarray(from * size, (from + width) * size);
  for (let n = 0; n < width; n++) own[n * size + from + n] = 1;
  const rows = await products.difference(
    new Float32Array(own.length),
    pivot.map((value) => -value),
    own,
  );
  for (let begin = 0; begin < size; begin += block) {
    if (begin === from) continue;
    const height = Math.min(block, size - begin);
    const factors = cutColumns(matrix, size, begin, height, from, width);
    const others = matrix.subarray(begin * size, (begin + height) * size);
    others.set(await products.difference(others, factors, rows));
  }
  own.set(rows);
}

/** A copy of a part of the matrix, in whose place zeros remain. */
function cutColumns(matrix: Float32Array, size: number, row: number, height: number, column: number, width: number) {
  const part = new Float32Array(height * width);
  for (let n = 0; n < height; n++) {
    const begin = (row + n) * size + column;
    part.set(matrix.subarray(begin, begin + width), n * width);
    matrix.fill(0, begin, begin + width);
  }
  return part;
}

/** Gauss–Jordan elimination in place, in double precision. */
function invertSmall(matrix: Float32Array, size: number): void {
  const exact = Float64Array.from(matrix);
  for (let pivot = 0; pivot < size; pivot++) {
    const own = exact.subarray(pivot * size, (pivot + 1) * size);
    const inverse = 1 / (own[pivot] ?? 1);
    own[pivot] = 1;
    for (let n = 0; n < size; n++) own[n] = (own[n] ?? 0) * inverse;
    for (let row = 0; row < size; row++) {
      if (row === pivot) continue;
      const other = exact.subarray(row * size, (row + 1) * size);
      const factor = other[pivot] ?? 0;
      other[pivot] = 0;
      for (let n = 0; n < size; n++) other[n] = (other[n] ?? 0) - factor * (own[n] ?? 0);
    }
  }
  matrix.set(exact);
}

/** C − A·B, where B and C have `columns` columns; a session for each shape, of which there are few. */
class Products {
  readonly #columns: number;
  readonly #sessions = new Map<string, InferenceSession>();

  constructor(columns: number) {
    this.#columns = columns;
  }

  async difference(c: Float32Array, a: Float32Array, b: Float32Array): Promise<Float32Array> {
    const rows = c.length / this.#columns;
    const inner = b.length / this.#columns;
    const session = await this.#session(rows, inner);
    const { y } = await session.run({
      a: new Tensor('float32', a, [rows, inner]),
      b: new Tensor('float32', b, [inner, this.#columns]),
      c: new Tensor('float32', c, [rows, this.#columns]),
    });
    if (y?.data instanceof Float32Array) return y.data;
    throw new Error('ONNX Runtime gave no product of matrices.');
  }

  async release(): Promise<void> {
    for (const session of this.#sessions.values()) await session.release();
  }

  async #session(rows: number, inner: number): Promise<InferenceSession> {
    const key = `${rows} ${inner}`;
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    const made = await InferenceSession.create(differenceGraph(rows, inner, this.#columns), {
      intraOpNumThreads: availableParallelism(),
    });
    this.#sessions.set(key, made);
    return made;
  }
}

function differenceGraph(rows: number, inner: number, columns: number): Uint8Array {
  const matrix = (name: string, ...shape: number[]) => ({ name, type: 'float32', shape }) as const;
  return writeOnnx({
    name: 'difference',
    nodes: [
      {
        operator: 'Gemm',
        domain: '',
        attributes: { alpha: { kind: 'float', value: -1 } },
        inputs: ['a', 'b', 'c'],
        outputs: ['y'],
      },
    ],
    initializers: [],
    inputs: [matrix('a', rows, inner), matrix('b', inner, columns), matrix('c', rows, columns)],
    outputs: [matrix('y', rows, columns)],
  });
}
