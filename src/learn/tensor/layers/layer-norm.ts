import { ones, zeros } from '../graph/initialisers.ts';
import type { Scope } from '../graph/scope.ts';
import { sizeAt } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { layerNormalise } from '../operations/normalise.ts';

/** Normalises the last axis. Parameters `gain` and `bias`. */
export function layerNorm(scope: Scope, x: Value, epsilon?: number): Value {
  const width = [sizeAt(x.shape, -1)];
  return layerNormalise(x, scope.parameter('gain', width, ones), scope.parameter('bias', width, zeros), epsilon);
}
