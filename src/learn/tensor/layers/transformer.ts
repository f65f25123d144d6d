import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { add } from '../operations/arithmetic.ts';
import { dropout } from '../operations/dropout.ts';
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
  const attended = attention(scope.in('attention'), layerNorm(scope.in('norm-1'), x), options.attention);
  const middle = add(x, dropout(attended, rate));
  const fed = feedForward(scope.in('feed-forward'), layerNorm(scope.in('norm-2'), middle), options.feedForward);
  return add(middle, dropout(fed, rate));
}
