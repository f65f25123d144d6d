import { availableParallelism } from 'node:os';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { writeOnnx } from '../../learn/tensor/onnx/model.ts';

/**
 * C − A·B by ONNX Runtime, on every core; a session for each shape, which the next product of that shape uses again.
 */
export class MatrixProducts {
  readonly #sessions = new Map<string, InferenceSession>();

  /** @param columns of B and C */
  async difference(c: Float32Array, a: Float32Array, b: Float32Array, columns: number): Promise<Float32Array> {
    const rows = c.length / columns;
    const inner = b.length / columns;
    const session = await this.#session(rows, inner, columns);
    const { y } = await session.run({
      a: new Tensor('float32', a, [rows, inner]),
      b: new Tensor('float32', b, [inner, columns]),
      c: new Tensor('float32', c, [rows, columns]),
    });
    if (y?.data instanceof Float32Array) return y.data;
    throw new Error('ONNX Runtime gave no product of matrices.');
  }

  async release(): Promise<void> {
    for (const session of this.#sessions.values()) await session.release();
  }

  async #session(rows: number, inner: number, columns: number): Promise<InferenceSession> {
    const key = `${rows} ${inner} ${columns}`;
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    const made = await InferenceSession.create(differenceGraph(rows, inner, columns), {
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
