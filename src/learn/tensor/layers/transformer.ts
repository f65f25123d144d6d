import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { add } from '../operations/arithmetic.ts';
import { dropout } from '../operations/dropout.ts';
import { gather } from '../operations/gather.ts';
import { reshape } from '../operations/reshape.ts';
import { type AttentionOptions, attention } from './attention.ts';
import { type FeedForwardOptions, feedForward } from './feed-forward.ts';
import { layerNorm } from './layer-norm.ts';

export type TransformerOptions = {
  readonly attention: AttentionOptions;
  readonly feedForward: FeedForwardOptions;
  /** Of what attention and feed-forward add to the stream. */
  readonly dropout?: number;
  /** int32 [rows]: nothing but these positions of rows · length, one in each row, is computed: [rows, 1, width]. */
  readonly positions?: Value;
};

/**
 * A block that normalises before attention and before feed-forward (Xiong et al. 2020) over x [rows, length, width].
 * Parts `attention`, `feed-forward`, `norm-1`, `norm-2`. The stream that leaves the last block is still to be
 * normalised.
 */
export function transformerBlock(scope: Scope, x: Value, options: TransformerOptions): Value {
  const { attention: all, positions, dropout: rate = 0 } = options;
  const [rows = 0, length = 0, width = 0] = x.shape;
  const shape = positions ? [rows, 1, width] : x.shape;
  const at = (matrix: Value) => (positions ? gather(matrix, positions) : matrix);
  // As a matrix, so that no product has to reshape.
  const stream = reshape(x, [-1, width]);
  const normal = layerNorm(scope.in('norm-1'), stream);
  const mask = all.mask && positions ? reshape(at(reshape(all.mask, [-1, length])), [rows, 1, 1, length]) : all.mask;
  const attended = attention(scope.in('attention'), reshape(normal, x.shape), {
    ...all,
    ...(mask && { mask }),
    queries: reshape(at(normal), shape),
  });
  const middle = add(at(stream), dropout(reshape(attended, [-1, width]), rate));
  const fed = feedForward(scope.in('feed-forward'), layerNorm(scope.in('norm-2'), middle), options.feedForward);
  return reshape(add(middle, dropout(fed, rate)), shape);
}
