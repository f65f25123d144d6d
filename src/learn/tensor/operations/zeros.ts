import { apply } from '../graph/apply.ts';
import type { Shape } from '../graph/shape.ts';
import { constant, integers, type Value } from '../graph/value.ts';

/** A tensor of zeros that is made when the graph runs. */
export function zerosOf(shape: Shape): Value {
  return apply(
    'Expand',
    [
      constant(
        Float32Array.of(0),
        shape.map(() => 1),
      ),
      integers(shape),
    ],
    { shape },
  );
}
