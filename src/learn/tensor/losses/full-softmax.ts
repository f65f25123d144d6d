import { type Value, withGradient } from '../graph/value.ts';
import { multiply, negate } from '../operations/arithmetic.ts';
import { gather, pick, scatterAdd } from '../operations/gather.ts';
import { gemm } from '../operations/matmul.ts';
import { reshapeTo } from '../operations/reshape-to.ts';
import { softmax } from '../operations/softmax.ts';
import { negativeLog, shares, weightedSum } from './weighting.ts';

export type FullSoftmax = {
  /** [tokens, width]. */
  readonly hidden: Value;
  /** A vector for each class: [classes, width]. */
  readonly table: Value;
  /** [classes], added to the scores. */
  readonly bias?: Value;
  /** int32 [tokens]. */
  readonly targets: Value;
  /** [tokens], 0 for padding: the loss is the weighted mean. */
  readonly weights: Value;
};

/**
 * Cross-entropy of a softmax over all classes. With P = softmax(H Eᵀ), w the share of a token and y its target, it is Σ
 * −w ln P_y, dH = w (P E − E_y) and dE = Pᵀ (w H) − the rows w H added at y: beside the products there is one pass over
 * tokens × classes, the softmax itself.
 */
export function fullSoftmax({ hidden, table, bias, targets, weights }: FullSoftmax): Value {
  const p = softmax(gemm(hidden, table, { transposeB: true }, bias));
  const share = shares(weights);
  const loss = weightedSum(negativeLog(pick(p, targets)), share);
  const inputs = bias ? [hidden, table, bias] : [hidden, table];
  return withGradient(loss, inputs, (gradient) => {
    const w = multiply(share, gradient);
    const missed = gemm(p, table, {}, negate(gather(table, targets)));
    const weighted = multiply(hidden, w);
    return [
      multiply(missed, w),
      { addTo: (base) => scatterAdd(gemm(p, weighted, { transposeA: true }, base), targets, negate(weighted)) },
      bias && biasGradient(p, w, targets, bias),
    ];
  });
}

function biasGradient(p: Value, w: Value, targets: Value, bias: Value): Value {
  return reshapeTo(scatterAdd(gemm(p, w, { transposeA: true }), targets, negate(w)), bias.shape);
}
