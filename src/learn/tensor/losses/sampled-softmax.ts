import { sizeAt, sizeOf } from '../graph/shape.ts';
import { constant, type Value, withGradient } from '../graph/value.ts';
import { add, divide, multiply, negate, subtract } from '../operations/arithmetic.ts';
import { indicator, less, maximum } from '../operations/choose.ts';
import { gather, pick, scatterAdd } from '../operations/gather.ts';
import { concat, slice } from '../operations/join.ts';
import { gemm } from '../operations/matmul.ts';
import { reshapeTo } from '../operations/reshape-to.ts';
import { softmax, sumOfRows } from '../operations/softmax.ts';
import { zerosOf } from '../operations/zeros.ts';
import { negativeLog, shares, weightedSum } from './weighting.ts';

export type SampledSoftmax = {
  /** [tokens, width]. */
  readonly hidden: Value;
  /** A vector for each class: [classes, width]; of a sparse table the touched rows. */
  readonly table: Value;
  /** int32 [tokens]. */
  readonly targets: Value;
  /** int32 [negatives], all different, shared by all tokens. */
  readonly negatives: Value;
  /** [negatives]: the logarithm of how often the class is drawn on average in a batch (logQ). */
  readonly logCounts: Value;
  /**
   * int32 [tokens]: the position of the token's target among the negatives, counted from 1, and 0 where it is not
   * there.
   */
  readonly hits: Value;
  /** [tokens], 0 for padding: the loss is the weighted mean. */
  readonly weights: Value;
};

/**
 * Cross-entropy of a softmax over the target and the shared negatives, whose scores are corrected by −logQ so that
 * their sum estimates that over all classes (Bengio and Senécal 2008; Yi et al. 2019). The target itself is no sample
 * and is not corrected; where it is among the negatives, it does not count there.
 *
 * The target's score h·E_y is column 0 of one product [H, h·E_y] · [[0, 1], [E_n, 0]]ᵀ, and a hit is taken out after
 * the softmax: with p₀ and p_h the shares of target and hit, all others are to be multiplied by r = 1 / (1 − p_h). So
 * there is no pass over tokens × negatives but the softmax. As the hit's share is at least the target's, 1 − p_h ≥ p₀
 * keeps r in bounds.
 */
export function sampledSoftmax(parts: SampledSoftmax): Value {
  const { hidden, table, targets, negatives, weights } = parts;
  const own = gather(table, targets);
  const others = gather(table, negatives);
  const width = sizeAt(table.shape, 1);
  const padded = concat([constant(new Float32Array(width), [1, width]), others], 0);
  const p = softmax(scores(parts, own, padded));
  const p0 = pick(p, constant(new Int32Array(sizeOf(targets.shape)), targets.shape));
  const hit = hitShare(p, parts.hits);
  const r = divide(1, maximum(subtract(1, hit), p0));
  const share = shares(weights);
  const loss = weightedSum(negativeLog(multiply(r, p0)), share);
  return withGradient(loss, [hidden, table], (gradient) => {
    const w = multiply(share, gradient);
    const wr = multiply(w, r);
    const target = subtract(multiply(wr, subtract(p0, hit)), w);
    const fromOthers = gemm(p, multiply(hidden, wr), { transposeA: true });
    return [
      add(multiply(gemm(p, padded), wr), multiply(own, target)),
      {
        addTo: (base = zerosOf(table.shape)) => {
          const rows = concat([slice(fromOthers, 0, 1), multiply(hidden, target)], 0);
          return scatterAdd(base, concat([negatives, targets], 0), rows);
        },
      },
    ];
  });
}

/** The target's score in column 0, and the corrected scores of the negatives. */
function scores({ hidden, logCounts }: SampledSoftmax, own: Value, padded: Value): Value {
  const [columns = 0] = padded.shape;
  const first = Float32Array.from({ length: columns }, (_, column) => (column === 0 ? 1 : 0));
  const table = concat([padded, constant(first, [columns, 1])], 1);
  const correction = concat([constant(Float32Array.of(0), [1]), negate(logCounts)], 0);
  return gemm(concat([hidden, sumOfRows(multiply(hidden, own))], 1), table, { transposeB: true }, correction);
}

/** The share of the target's column among the negatives, 0 where there is none. */
function hitShare(p: Value, hits: Value): Value {
  const isHit = indicator(less(constant(Int32Array.of(0), []), hits));
  return multiply(pick(p, hits), reshapeTo(isHit, [sizeOf(hits.shape), 1]));
}
