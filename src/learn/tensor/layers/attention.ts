import type { Scope } from '../graph/scope.ts';
import { sizeAt } from '../graph/shape.ts';
import { constant, describe, type Value } from '../graph/value.ts';
import { add } from '../operations/arithmetic.ts';
import { and, equal, where } from '../operations/choose.ts';
import { dropout } from '../operations/dropout.ts';
import { matmul } from '../operations/matmul.ts';
import { reshape, transpose } from '../operations/reshape.ts';
import { softmax } from '../operations/softmax.ts';
import { linear } from './linear.ts';

/** Added to scores of positions that must not be seen. */
const unseen = -1e9;

/**
 * What each position may see: those before it and itself, of its own segment; to be made once and shared by all blocks.
 * Several sequences may so lie in one row, packed; padding is a segment of its own, that nobody asks for.
 *
 * @param segments int32 [rows, length]
 * @returns [rows, 1, length, length], 0 where seen
 */
export function causalMask(segments: Value): Value {
  const [rows = 0, length = 0] = segments.shape;
  const before = Uint8Array.from({ length: length * length }, (_, at) =>
    at % length <= Math.floor(at / length) ? 1 : 0,
  );
  const together = equal(reshape(segments, [rows, 1, length, 1]), reshape(segments, [rows, 1, 1, length]));
  return where(and(together, constant(before, [1, 1, length, length])), 0, unseen);
}

export type AttentionOptions = {
  readonly heads: number;
  /** Added to the scores: [rows or 1, heads or 1, queries or length, length], such as `causalMask`. */
  readonly mask?: Value;
  /** Who looks at x, [rows, queries, width]: x itself unless given. */
  readonly queries?: Value;
  /** Of the attention weights. */
  readonly dropout?: number;
};

/**
 * Multi-head attention (Vaswani et al. 2017) over x [rows, length, width]: [rows, queries or length, width]. Parts
 * `query`, `key`, `value`, `output`.
 *
 * @throws Error if x has other axes or its width is no multiple of the heads
 */
export function attention(scope: Scope, x: Value, options: AttentionOptions): Value {
  const [rows = 0, , width = 0] = x.shape;
  const { heads, mask, queries = x } = options;
  if (x.shape.length !== 3 || width % heads !== 0) {
    throw new Error(`${heads} heads do not divide ${describe(x)} of [rows, length, width].`);
  }
  const size = width / heads;
  const split = (part: string, from: Value) => {
    const length = sizeAt(from.shape, 1);
    const projected = reshape(linear(scope.in(part), reshape(from, [-1, width]), width), [rows, length, heads, size]);
    return heads === 1 ? reshape(projected, [rows, 1, length, size]) : transpose(projected, [0, 2, 1, 3]);
  };
  const scores = matmul(split('query', queries), split('key', x), { transposeB: true, alpha: 1 / Math.sqrt(size) });
  const weights = dropout(softmax(mask ? add(scores, mask) : scores), options.dropout ?? 0);
  const mixed = matmul(weights, split('value', x));
  const joined = heads === 1 ? mixed : transpose(mixed, [0, 2, 1, 3]);
  return reshape(linear(scope.in('output'), reshape(joined, [-1, width]), width), queries.shape);
}
