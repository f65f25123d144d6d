import {
  add,
  causalMask,
  dropout,
  embedding,
  gather,
  layerNorm,
  linear,
  multiply,
  reshape,
  type Scope,
  transformerBlock,
  type Value,
  zeros,
} from '../../../tensor/index.ts';
import type { Architecture, OptimiserSettings } from './architecture.ts';
import { addColumns, type ColumnInput } from './column-inputs.ts';
import { gapBuckets } from './time-gaps.ts';

/** What the encoder reads: rows of `length` interactions each. */
export type EncoderInput = {
  /** Vectors of the items: [rows, length, width]. */
  readonly vectors: Value;
  /** int32 [rows, length]: position in the window of the user, and bucket of the time since the interaction before. */
  readonly positions: Value;
  readonly gaps: Value;
  /** int32 [rows, length]: who saw what; a row may hold the windows of several users. */
  readonly segments: Value;
  /** What else is known of the interactions, and of what is to come. */
  readonly columns: readonly ColumnInput[];
  /** What metadata says of the users: [rows, length or 1, features]. */
  readonly userFeatures?: Value | undefined;
  /** int32 [rows]: positions of rows · length, one in each row, where only these are wanted. */
  readonly last?: Value;
};

/**
 * A causal transformer over interactions (SASRec, Kang and McAuley 2018, with blocks that normalise first): for each of
 * them the vector whose products with items' vectors predict what comes next, [rows · length, width], or [rows, width]
 * at the positions wanted. Item vectors come in multiplied by √width, without which they drown in the other embeddings
 * for many epochs. What is known of the interaction to come, and of the user, is added before the last norm.
 */
export function encode(
  scope: Scope,
  input: EncoderInput,
  { width, blocks, heads, length }: Architecture,
  optimiserSettings: Pick<OptimiserSettings, 'dropout' | 'attentionDropout'>,
): Value {
  const positions = embedding(scope.in('positions'), { rows: length, width });
  const gaps = embedding(scope.in('gaps'), { rows: gapBuckets, width });
  const when = add(gather(positions, input.positions), gather(gaps, input.gaps));
  const mask = causalMask(input.segments);
  const what = addColumns(scope, when, input.columns, 'happened', width);
  let x = dropout(add(multiply(input.vectors, Math.sqrt(width)), what), optimiserSettings.dropout);
  for (let block = 0; block < blocks; block++) {
    x = transformerBlock(scope.in(`block${block}`), x, {
      attention: { heads, mask, dropout: optimiserSettings.attentionDropout },
      feedForward: { width: 2 * width, dropout: optimiserSettings.dropout },
      dropout: optimiserSettings.dropout,
      ...(input.last && block === blocks - 1 && { positions: input.last }),
    });
  }
  const conditioned = addColumns(
    scope,
    x,
    input.last ? conditionsAt(input.columns, input.last) : input.columns,
    'asked',
    width,
  );
  return reshape(layerNorm(scope.in('norm'), addUser(scope.in('users'), conditioned, input.userFeatures, width)), [
    -1,
    width,
  ]);
}

const conditionsAt = (columns: readonly ColumnInput[], positions: Value): ColumnInput[] =>
  columns.map(({ asked, ...column }) => ({
    ...column,
    ...(asked && { asked: gather(reshape(asked, [-1, 1]), positions) }),
  }));

function addUser(scope: Scope, x: Value, features: Value | undefined, width: number): Value {
  if (features === undefined) return x;
  return add(x, multiply(linear(scope, features, width, { bias: false, initialise: zeros }), Math.sqrt(width)));
}
