import { sizeAt } from '../graph/shape.ts';
import { element, fill, type Numbers } from './array.reference.ts';
import { type Facts, type Kernel, kernel } from './kernel.reference.ts';

/** Products of matrices, and what is normalised along the last axis. */
export const products: Readonly<Record<string, Kernel>> = {
  Gemm: kernel(([a, b, base], facts) => {
    const product = multiply(a, b, facts);
    if (base.data.length === 0) return product;
    return fill(product.shape, (index) => element(product, index) + element(base, index));
  }),
  FusedMatMul: kernel(([a, b], facts) => multiply(a, b, facts)),
  Softmax: kernel(([x]) => rowwise(x, softmax)),
  LogSoftmax: kernel(([x]) => rowwise(x, (row) => softmax(row).map(Math.log))),
  LayerNormalization: ([x, gain, bias], { shapes, number }) => {
    if (!x || !gain || !bias) throw new Error('LayerNormalization has three inputs.');
    const [, narrow = []] = shapes;
    const width = sizeAt(x.shape, -1);
    const mean = fill(narrow, (index) => sum(rowOf(x, index)) / width);
    const inverse = fill(narrow, (index) => {
      const centre = element(mean, index);
      return 1 / Math.sqrt(sum(rowOf(x, index).map((value) => (value - centre) ** 2)) / width + number('epsilon'));
    });
    const y = fill(x.shape, (index) => {
      const unit = (element(x, index) - element(mean, index)) * element(inverse, index);
      return unit * element(gain, index) + element(bias, index);
    });
    return [y, mean, inverse];
  },
};

function multiply(a: Numbers, b: Numbers, { shapes: [shape = []], integer, number }: Facts): Numbers {
  const transposedA = integer('transA') === 1;
  const transposedB = integer('transB') === 1;
  const inner = sizeAt(a.shape, transposedA ? -2 : -1);
  return fill(shape, (index) => {
    const [batch, row, column] = [index.slice(0, -2), index.at(-2) ?? 0, index.at(-1) ?? 0];
    let total = 0;
    for (let k = 0; k < inner; k++) {
      const left = element(a, transposedA ? [...batch, k, row] : [...batch, row, k]);
      total += left * element(b, transposedB ? [...batch, column, k] : [...batch, k, column]);
    }
    return number('alpha') * total;
  });
}

function rowwise(x: Numbers, of: (row: Float64Array) => Float64Array): Numbers {
  const width = sizeAt(x.shape, -1);
  const data = new Float64Array(x.data.length);
  for (let at = 0; at < data.length; at += width) data.set(of(x.data.subarray(at, at + width)), at);
  return { shape: x.shape, data };
}

function softmax(row: Float64Array): Float64Array {
  const largest = Math.max(...row);
  const powers = row.map((value) => Math.exp(value - largest));
  const total = sum(powers);
  return powers.map((value) => value / total);
}

const sum = (row: Float64Array) => row.reduce((total, value) => total + value, 0);

function rowOf(x: Numbers, index: readonly number[]): Float64Array {
  return Float64Array.from({ length: sizeAt(x.shape, -1) }, (_, column) => element(x, index.with(-1, column)));
}
