import { apply, flag, float } from '../graph/apply.ts';
import { type Shape, sameShape, sizeAt, sizeOf } from '../graph/shape.ts';
import { type Contribution, describe, type Value } from '../graph/value.ts';
import { reshapeTo } from './reshape-to.ts';
import { sumTo } from './sum-to.ts';

export type Product = {
  /** Take the last two axes of the operand the other way round. */
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** Multiplies the product; 1 unless given. */
  readonly alpha?: number;
};

/**
 * The product of two matrices, or of two stacks of matrices of equal leading axes.
 *
 * @throws Error if the shapes do not fit
 */
export function matmul(a: Value, b: Value, product: Product = {}): Value {
  return a.shape.length === 2 && b.shape.length === 2 ? gemm(a, b, product) : stacked(a, b, product);
}

/** alpha · op(a) · op(b) of two matrices, and `base`, a matrix or a row, added in the same pass. */
export function gemm(a: Value, b: Value, product: Product = {}, base?: Value): Value {
  const { transposeA = false, transposeB = false, alpha = 1 } = product;
  return apply('Gemm', base ? [a, b, base] : [a, b], {
    shape: productShape(a, b, product),
    attributes: { transA: flag(transposeA), transB: flag(transposeB), alpha: float(alpha) },
    gradient: (gradient) => {
      const [left, right] = factorsOf(a, b, gradient, product);
      return [later(left), later(right), base && sumTo(gradient, base.shape)];
    },
  });
}

/** A product that adds itself onto what else flows to the same value. */
const later = ([a, b, product]: Factors): Contribution => ({ addTo: (base) => gemm(a, b, product, base) });

function stacked(a: Value, b: Value, product: Product): Value {
  const { transposeA = false, transposeB = false, alpha = 1 } = product;
  return apply('FusedMatMul', [a, b], {
    domain: 'com.microsoft',
    shape: productShape(a, b, product),
    attributes: { transA: flag(transposeA), transB: flag(transposeB), alpha: float(alpha) },
    gradient: (gradient) => factorsOf(a, b, gradient, product).map((factors) => stacked(...factors)),
  });
}

type Factors = readonly [Value, Value, Product];

/**
 * The products that are the gradients of a and of b: dA = alpha · dY · Bᵀ and dB = alpha · Aᵀ · dY, transposed as a and
 * b were.
 */
function factorsOf(a: Value, b: Value, gradient: Value, product: Product): readonly [Factors, Factors] {
  const { transposeA = false, transposeB = false, alpha = 1 } = product;
  return [
    transposeA
      ? [b, gradient, { transposeA: transposeB, transposeB: true, alpha }]
      : [gradient, b, { transposeB: !transposeB, alpha }],
    transposeB
      ? [gradient, a, { transposeA: true, transposeB: transposeA, alpha }]
      : [a, gradient, { transposeA: !transposeA, alpha }],
  ];
}

function productShape(a: Value, b: Value, { transposeA = false, transposeB = false }: Product): Shape {
  const batch = a.shape.slice(0, -2);
  const [rows, inner] = transposeA ? [-1, -2] : [-2, -1];
  const [same, columns] = transposeB ? [-1, -2] : [-2, -1];
  const fits =
    a.shape.length >= 2 && sameShape(batch, b.shape.slice(0, -2)) && sizeAt(a.shape, inner) === sizeAt(b.shape, same);
  if (fits) return [...batch, sizeAt(a.shape, rows), sizeAt(b.shape, columns)];
  const side = (value: Value, transposed: boolean) => `${describe(value)}${transposed ? ' transposed' : ''}`;
  throw new Error(`matmul: ${side(a, transposeA)} and ${side(b, transposeB)} do not fit.`);
}

/**
 * x · weight + bias over the last axis of x, whatever its leading axes.
 *
 * @throws Error if the shapes do not fit
 */
export function affine(x: Value, weight: Value, bias?: Value): Value {
  const width = sizeAt(weight.shape, -1);
  const rows = reshapeTo(x, [sizeOf(x.shape.slice(0, -1)), sizeAt(x.shape, -1)]);
  if (bias && !sameShape(bias.shape, [width]))
    throw new Error(`affine: ${describe(bias)} does not fit ${describe(weight)}.`);
  return reshapeTo(gemm(rows, weight, {}, bias), [...x.shape.slice(0, -1), width]);
}
