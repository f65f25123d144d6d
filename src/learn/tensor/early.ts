import { apply } from './graph/apply.ts';
import { integers, type Value } from './graph/value.ts';

/**
 * Outputs that nobody reads: a row of each product among the gradients of parameters. ONNX Runtime goes back from a
 * graph's outputs, in one piece as far as each leads (see `inFileOrder`). Without these it would follow the gradients
 * through the whole model first and come to the parameters' last, when what they are made of has long left the cache.
 */
export function earlyOutputs(gradients: readonly Value[]): Record<string, Value> {
  const rows = gradients.flatMap((gradient) => {
    const product = productWithin(gradient);
    return product ? [firstRow(product)] : [];
  });
  return Object.fromEntries(rows.map((row, n) => [`early/${n}`, row]));
}

/** The product that a gradient is, or to which rows are then added. */
function productWithin(gradient: Value): Value | undefined {
  const { source } = gradient;
  if (source.kind !== 'node') return undefined;
  const { operator, inputs } = source.node;
  if (operator === 'Gemm') return gradient;
  const [base] = inputs;
  return base && (operator === 'ScatterND' || operator === 'Reshape') ? productWithin(base) : undefined;
}

const firstRow = (matrix: Value): Value =>
  apply('Slice', [matrix, integers([0]), integers([1]), integers([0])], { shape: matrix.shape.with(0, 1) });
