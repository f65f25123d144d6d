import { zeros } from '../graph/initialisers.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { add, multiply, square, subtract } from '../operations/arithmetic.ts';
import { sum } from '../operations/reduce.ts';

/**
 * A factorisation machine of second order (Rendle 2010): bias + Σ linear + Σ of the products of all pairs of vectors,
 * by ½ Σ ((Σ v)² − Σ v²).
 *
 * @param vectors [rows, features, width], each feature's vector times its value
 * @param linear [rows, features], each feature's weight times its value
 * @returns [rows]
 */
export function factorisationMachine(scope: Scope, vectors: Value, linear: Value): Value {
  const pairs = subtract(square(sum(vectors, [1])), sum(square(vectors), [1]));
  return add(add(sum(linear, [1]), scope.parameter('bias', [], zeros)), multiply(0.5, sum(pairs, [1])));
}
