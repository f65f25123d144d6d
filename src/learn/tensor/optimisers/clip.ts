import { apply, flag } from '../graph/apply.ts';
import { integers, type Value } from '../graph/value.ts';
import { add, divide, multiply, squareRoot } from '../operations/arithmetic.ts';
import { minimum } from '../operations/choose.ts';

/** The length of all gradients as one vector. */
function globalNorm(gradients: readonly Value[]): Value {
  const squares = gradients.map((gradient) =>
    apply('ReduceSumSquare', [gradient, integers([...gradient.shape.keys()])], {
      shape: [],
      attributes: { keepdims: flag(false) },
    }),
  );
  return squareRoot(squares.reduce((sum, square) => add(sum, square)));
}

/** Scales all gradients so that together they are at most `limit` long (Pascanu, Mikolov and Bengio 2013). */
export function clipByNorm(gradients: readonly Value[], limit: number): readonly Value[] {
  const scale = minimum(1, divide(limit, add(globalNorm(gradients), 1e-6)));
  return gradients.map((gradient) => multiply(gradient, scale));
}
