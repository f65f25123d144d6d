import type { Scope } from '../graph/scope.ts';
import { sizeAt } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { add } from '../operations/arithmetic.ts';
import { dropout } from '../operations/dropout.ts';
import { reshape } from '../operations/reshape.ts';
import { type AttentionOptions, attention } from './attention.ts';
import { type FeedForwardOptions, feedForward } from './feed-forward.ts';
import { layerNorm } from './layer-norm.ts';

export type TransformerOptions = {
  readonly attention: AttentionOptions;
  readonly feedForward: FeedForwardOptions;
  /** Of what attention and feed-forward add to the stream. */
  readonly dropout?: number;
};

/**
 * A block that normalises before attention and before feed-forward (Xiong et al. 2020) over x [rows, length, width]. Parts
 * `attention`, `feed-forward`, `norm-1`, `norm-2`. The stream that leaves the last block is still to be normalised.
 */
export function transformerBlock(scope: Scope, x: Value, options: TransformerOptions): Value {
  const rate = options.dropout ?? 0;
  // As a matrix, so that no product has to reshape.
  const stream = reshape(x, [-1, sizeAt(x.shape, -1)]);
  const seen = reshape(layerNorm(scope.in('norm-1'), stream), x.shape);
  const attended = reshape(attention(scope.in('attention'), seen, options.attention), stream.shape);
  const middle = add(stream, dropout(attended, rate));
  const fed = feedForward(scope.in('feed-forward'), layerNorm(scope.in('norm-2'), middle), options.feedForward);
  return reshape(add(middle, dropout(fed, rate)), x.shape);
}
