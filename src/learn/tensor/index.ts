/** The public face of the library; README.md says how to use it. */

export { type Checkpoint, readCheckpoint } from './checkpoint.ts';
export { exportModel } from './export.ts';
export { gradients } from './graph/gradients.ts';
export { constantly, glorot, type Initialiser, normal, ones, zeros } from './graph/initialisers.ts';
export { type Entry, Scope, type Table } from './graph/scope.ts';
export { serialise } from './graph/serialise.ts';
export type { Shape } from './graph/shape.ts';
export { constant, input, scalar, stopGradient, type Value, withGradient } from './graph/value.ts';
export { type AttentionOptions, attention, causalMask } from './layers/attention.ts';
export { type EmbeddingOptions, embedding, sparseEmbedding } from './layers/embedding.ts';
export { factorisationMachine } from './layers/factorisation-machine.ts';
export { type FeedForwardOptions, feedForward, mlp } from './layers/feed-forward.ts';
export { gru, gruCell } from './layers/gru.ts';
export { layerNorm } from './layers/layer-norm.ts';
export { linear } from './layers/linear.ts';
export { type TransformerOptions, transformerBlock } from './layers/transformer.ts';
export { type FullSoftmax, fullSoftmax } from './losses/full-softmax.ts';
export { bayesianPersonalisedRanking, binaryCrossEntropy } from './losses/pointwise.ts';
export { type SampledSoftmax, sampledSoftmax } from './losses/sampled-softmax.ts';
export { type Activation, activations, gelu, relu, sigmoid, silu, softplus, tanh } from './operations/activation.ts';
export {
  add,
  divide,
  exponential,
  logarithm,
  multiply,
  negate,
  type Operand,
  square,
  squareRoot,
  subtract,
} from './operations/arithmetic.ts';
export { and, equal, indicator, less, lessOrEqual, maximum, minimum, where } from './operations/choose.ts';
export { dropout } from './operations/dropout.ts';
export { gather } from './operations/gather.ts';
export { concat, slice, split } from './operations/join.ts';
export { affine, matmul, type Product } from './operations/matmul.ts';
export { layerNormalise } from './operations/normalise.ts';
export { mean, sum } from './operations/reduce.ts';
export { reshape, transpose } from './operations/reshape.ts';
export { logSoftmax, softmax } from './operations/softmax.ts';
export { type AdamOptions, adam } from './optimisers/adam.ts';
export type { Optimiser } from './optimisers/optimiser.ts';
export { constantRate, cosineDecay, linearDecay, type Schedule, warmUp } from './optimisers/schedule.ts';
export { seedOf } from './random.ts';
export type { Evaluator } from './run/evaluator.ts';
export { type ExportedGraph, openExported } from './run/exported.ts';
export {
  compile,
  type Execution,
  knownProviders,
  type Program,
  requireProvider,
  sessionOptions,
} from './run/program.ts';
export type { Feeds } from './run/tensors.ts';
export { TouchedRows } from './run/touched-rows.ts';
export {
  type NumericArray,
  readSafetensors,
  type StoredTensor,
  type TensorPosition,
  writeSafetensors,
} from './safetensors.ts';
export { Trainer, type TrainerOptions } from './trainer.ts';
export type { Weights } from './weights.ts';
