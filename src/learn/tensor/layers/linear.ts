import { glorot, type Initialiser, zeros } from '../graph/initialisers.ts';
import type { Scope } from '../graph/scope.ts';
import { sizeAt } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { affine } from '../operations/matmul.ts';

/**
 * x · weight + bias over the last axis: [..., inputs] → [..., outputs]. Parameters `weight` [inputs, outputs], `bias`.
 */
export function linear(
  scope: Scope,
  x: Value,
  outputs: number,
  { bias = true, initialise = glorot }: { readonly bias?: boolean; readonly initialise?: Initialiser } = {},
): Value {
  const weight = scope.parameter('weight', [sizeAt(x.shape, -1), outputs], initialise);
  return affine(x, weight, bias ? scope.parameter('bias', [outputs], zeros) : undefined);
}
