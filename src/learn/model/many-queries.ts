import { InferenceSession, Tensor } from 'onnxruntime-node';
import { ProductRanker, paddedCount } from '../kernels/product-ranker.ts';
import type { VectorRanker } from '../kernels/vector-ranker.ts';
import { constant, input, matmul, serialise, sessionOptions } from '../tensor/index.ts';

/** Of shorter vectors, writing the products costs what multiplying them together saves. */
const leastWidth = 64;
/** With more at once, a query takes no less time, and a few that are left over take more. */
const queriesAtOnce = 16;

/**
 * A ranker for many queries at a time, whose products ONNX Runtime computes with all that the processor can do at once;
 * WebAssembly knows 128 bits. It takes twice the memory of the vectors.
 *
 * @param ranker over the same vectors, `count` × `width`
 * @returns undefined where few queries come at a time, where that saves nothing, and where the ranker reads codes of
 *   the vectors: its sums are others, and an answer does not depend on how it is asked for
 */
export async function rankerOfManyFor(
  ranker: VectorRanker,
  vectors: Float32Array,
  width: number,
  answersMany: boolean | undefined,
): Promise<ProductRanker | undefined> {
  if (!answersMany || ranker.isCoded || width < leastWidth || vectors.length === 0) return undefined;
  const count = vectors.length / width;
  const padded = paddedCount(count);
  const columns = new Float32Array(width * padded);
  for (let row = 0, at = 0; row < count; row++) {
    for (let column = row; column < columns.length; column += padded) columns[column] = vectors[at++];
  }
  const products = matmul(input('queries', [queriesAtOnce, width]), constant(columns, [width, padded]));
  const session = await InferenceSession.create(
    serialise({ products }, 'inference').bytes,
    sessionOptions({ threads: 1 }),
  );
  return new ProductRanker({
    count,
    width,
    queriesAtOnce,
    async multiply(queries, into) {
      const output = new Tensor('float32', into, [queriesAtOnce, padded]);
      await session.run({ queries: new Tensor('float32', queries, [queriesAtOnce, width]) }, { products: output });
    },
  });
}
