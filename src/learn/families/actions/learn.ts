import assert from 'node:assert/strict';
import { encoderTensors } from '../../features/encoder-tensors.ts';
import { answeredShares, type Exposures, exposuresOf } from '../../histories/exposures.ts';
import { historyOf, userCount } from '../../histories/histories.ts';
import type { LearnedModel, LearningTask, Tensor } from '../../recipes/recipe.ts';
import { learnAnswers } from './answer-vectors.ts';
import type { Calibration } from './calibration.ts';
import { choosePenalties } from './choose-penalties.ts';
import { inDirections, ofFeatures } from './directions.ts';
import { type RowScale, rowsOf, scaleOf, scaleRows } from './feature-rows.ts';
import { type ItemVectors, learnItemVectors, sumItems } from './item-vectors.ts';
import { fitRegression, type Penalties } from './regression.ts';
import { scoredActions } from './thresholds.ts';

const day = 86_400;
/** The newest exposures train: rows of more would take gibibytes, and say little more. */
const mostExposures = 300_000;
const iterations = 200;

/**
 * Learns how likely a user is to take each action (spec recipes.md §2.10): a hierarchical logistic regression on what
 * was known of the user at each exposure. Without action interactions there is nothing to learn.
 */
export async function learnActions(task: LearningTask): Promise<LearnedModel> {
  const { actions: data, histories, itemCount, itemFeatures, userFeatures, parameters, seed, progress } = task;
  assert(data, 'the training set of a recipe of actions has actions');
  const actionCount = data.actions.size;
  const days = parameters.number('action_optimization_period');
  const isScored = scoredActions(data.histories, actionCount);
  const scored: Tensor = { shape: [actionCount], data: isScored };
  const exposures = newest(exposuresOf(data.histories, actionCount, days * day));
  if (!isScored.includes(1)) return { tensors: { is_scored: scored }, constants: { period_days: days } };
  progress.report(0, 'learning what items say of users');
  const itemVectors = await learnItemVectors(histories, itemCount, itemFeatures, seed);
  const expected = await learnAnswers(exposures, data.histories.starts.length, actionCount, seed);
  const layout = {
    itemWidth: itemVectors.width,
    factors: itemVectors.factors,
    userWidth: userFeatures?.width ?? 0,
    answerFactors: expected.width,
  };
  progress.report(0.15, 'reading what was known when actions were shown');
  const read = rowsOf(
    { layout, histories, itemVectors, userFeatures, actions: data.histories, expected, periodSeconds: days * day },
    exposures,
  );
  const scale = scaleOf(read, layout);
  scaleRows(read, scale);
  const { actions, isTaken } = exposures;
  const rows = { ...read, actions, isTaken, answered: answeredShares(exposures, days * day) };
  const actionFeatures = data.features ?? { width: 0, values: new Float32Array() };
  const regression = { rows, actionCount, actionFeatures };
  const {
    penalties,
    calibration,
    directions,
    coefficients: start,
  } = await choosePenalties(
    regression,
    exposures.users,
    seed,
    (fraction) => progress.report(0.2 + 0.6 * fraction, 'choosing penalties on held-out users'),
    task.warmStart && penaltiesOf(task.warmStart),
  );
  progress.report(0.8, 'fitting propensities');
  const refined = { ...regression, rows: directions.reduce(inDirections, rows) };
  const coefficients = directions.reduceRight(
    ofFeatures,
    fitRegression(refined, penalties, iterations, start).ofActions(),
  );
  return {
    tensors: {
      is_scored: scored,
      coefficients: {
        shape: [actionCount, read.width],
        data: calibrated(coefficients, read.width, scale, calibration),
      },
      least_features: { shape: [read.width], data: scale.least },
      greatest_features: { shape: [read.width], data: scale.greatest },
      answer_rates: { shape: [actionCount], data: expected.rates },
      answer_vectors: { shape: [actionCount, expected.width], data: expected.vectors },
      ...itemTensors(itemVectors),
      ...(task.forUsers && userTensors(task, itemVectors)),
      ...(userFeatures && encoderTensors('user', userFeatures.encoder)),
      ...(itemFeatures && encoderTensors('item', itemFeatures.encoder)),
    },
    constants: {
      period_days: days,
      item_factors: itemVectors.factors,
      user_width: layout.userWidth,
      shared_penalty: penalties.shared,
      crossed_penalty: penalties.crossed,
      own_penalty: penalties.own,
      calibration_slope: calibration.slope,
      calibration_offset: calibration.offset,
    },
    ...(userFeatures && { userColumns: userFeatures.encoder.columns }),
    ...(itemFeatures && { itemColumns: itemFeatures.encoder.columns }),
  };
}

/** Those that a model of a part of the users was learned with; undefined where nothing was. */
function penaltiesOf({ constants }: Pick<LearnedModel, 'constants'>): Penalties | undefined {
  const { shared_penalty: shared, crossed_penalty: crossed, own_penalty: own } = constants;
  return shared === undefined || crossed === undefined || own === undefined ? undefined : { shared, crossed, own };
}

export function itemTensors({ values, width, factors, projection }: ItemVectors): Record<string, Tensor> {
  const rows = values.length / Math.max(width, 1);
  const properties = width - factors;
  return {
    item_vectors: { shape: [rows, width], data: values },
    ...(projection && {
      item_projection: { shape: [projection.length / properties, properties], data: projection },
    }),
  };
}

/** What is known of each user. */
export function userTensors(
  { histories, userFeatures }: Pick<LearningTask, 'histories' | 'userFeatures'>,
  vectors: Pick<ItemVectors, 'values' | 'width'>,
): Record<string, Tensor> {
  const users = userCount(histories);
  const sums = new Float32Array(users * (vectors.width + 1));
  for (let user = 0; user < users; user++)
    sums.set(sumItems(vectors, historyOf(histories, user)), user * (vectors.width + 1));
  return {
    user_item_sums: { shape: [users, vectors.width + 1], data: sums },
    ...(userFeatures && { user_features: { shape: [users, userFeatures.width], data: userFeatures.values } }),
  };
}

/** Coefficients of features as they are read, which give the logits of calibrated chances. */
function calibrated(
  coefficients: Float64Array,
  width: number,
  { means, scales }: RowScale,
  { slope, offset }: Calibration,
): Float32Array {
  const result = new Float32Array(coefficients.length);
  for (let from = 0; from < coefficients.length; from += width) {
    let intercept = coefficients[from];
    for (let n = 1; n < width; n++) {
      const weight = coefficients[from + n] * scales[n];
      result[from + n] = slope * weight;
      intercept -= weight * means[n];
    }
    result[from] = slope * intercept + offset;
  }
  return result;
}

/** At most so many exposures, the newest, in their order. */
function newest(exposures: Exposures): Exposures {
  if (exposures.users.length <= mostExposures) return exposures;
  const since = exposures.timestamps.toSorted()[exposures.timestamps.length - mostExposures];
  const kept = Uint32Array.from(exposures.users, (_, n) => n).filter((n) => exposures.timestamps[n] >= since);
  return {
    users: kept.map((n) => exposures.users[n]),
    actions: kept.map((n) => exposures.actions[n]),
    events: kept.map((n) => exposures.events[n]),
    timestamps: Float64Array.from(kept, (n) => exposures.timestamps[n]),
    isTaken: Uint8Array.from(kept, (n) => exposures.isTaken[n]),
    delays: Float64Array.from(kept, (n) => exposures.delays[n]),
  };
}
