import { apply } from '../graph/apply.ts';
import { type Shape, sameShape, shapeText, sizeOf } from '../graph/shape.ts';
import { describe, integers, type Value } from '../graph/value.ts';

/** The same elements in another shape: of what was reshaped before, what it was. */
export function reshapeTo(value: Value, shape: Shape): Value {
  if (sameShape(value.shape, shape)) return value;
  if (sizeOf(value.shape) !== sizeOf(shape)) throw new Error(`${describe(value)} does not fill ${shapeText(shape)}.`);
  const { source } = value;
  const [before] = source.kind === 'node' && source.node.operator === 'Reshape' ? source.node.inputs : [];
  if (before) return reshapeTo(before, shape);
  return apply('Reshape', [value, integers(shape)], {
    shape,
    type: value.type,
    gradient: (gradient) => [reshapeTo(gradient, value.shape)],
  });
}
