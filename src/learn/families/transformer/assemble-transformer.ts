import type { FeatureEncoder } from '../../features/encoder.ts';
import { encoderTensors } from '../../features/encoder-tensors.ts';
import { allUsers, copyOf, interactedItems, selectUsers, userCount } from '../../histories/histories.ts';
import type { LearnedModel, LearningTask, Tensor } from '../../recipes/recipe.ts';
import { weightingOf } from '../../training/event-weights.ts';
import { logEarlyPopularity, logMean, logPopularity } from '../popularity/popularity.ts';
import { type ItemSignals, signalItems } from './signals/item-signals.ts';

/** The trained weights. Everything else is statistics of the data. */
export type EncoderResult = Pick<LearnedModel, 'constants' | 'graphs'> & {
  /** Weights of the encoder, the vectors of all items among them. */
  readonly encoder: LearnedModel['tensors'];
  readonly itemEncoder: FeatureEncoder | undefined;
};

type CountedData = Pick<
  LearningTask,
  'histories' | 'itemCount' | 'userFeatures' | 'parameters' | 'eventWeights' | 'forUsers'
>;

/**
 * The whole model: what was learned, and what these histories say of pairs of items (the signals), of popularity and
 * of their users.
 */
export function assembleTransformer(
  task: CountedData,
  { encoder, itemEncoder, constants, graphs }: EncoderResult,
  signals: ItemSignals,
): LearnedModel {
  const { histories, itemCount, userFeatures, parameters, forUsers } = task;
  const weightOf = weightingOf(histories.columns, task.eventWeights);
  const halfLife = constants.half_life_days ?? Number.POSITIVE_INFINITY;
  const popularity = logPopularity(histories, itemCount, halfLife, weightOf);
  const early = logEarlyPopularity(histories, itemCount, weightOf);
  const known = forUsers ? allUsers(histories) : new Uint32Array();
  const newest = copyOf(selectUsers(histories, known, signalItems));
  const unknownUser = parameters.flag('apply_recency_bias') ? logMean(early, popularity) : early;
  return {
    tensors: {
      ...encoder,
      ...(itemEncoder && encoderTensors('item', itemEncoder)),
      ...(userFeatures && forUsers && encoderTensors('user', userFeatures.encoder)),
      ...(userFeatures &&
        forUsers && {
          user_features: { shape: [userCount(histories), userFeatures.width], data: userFeatures.values },
        }),
      ...signalTensors(signals),
      log_popularity: { shape: [itemCount], data: popularity },
      log_popularity_unknown_user: { shape: [itemCount], data: unknownUser },
      history_offsets: { shape: [newest.offsets.length], data: newest.offsets },
      history_items: { shape: [newest.items.length], data: newest.items },
      history_times: { shape: [newest.timestamps.length], data: newest.timestamps },
      ...Object.fromEntries(
        newest.codes.map((data, column) => [`history_codes_${column}`, { shape: [data.length], data }]),
      ),
    },
    columns: histories.columns,
    itemColumns: itemEncoder?.columns,
    userColumns: forUsers ? userFeatures?.encoder.columns : undefined,
    constants: { ...constants, interacted_items: interactedItems(histories, itemCount) },
    ...(graphs && { graphs }),
  };
}

const signalTensors = (signals: ItemSignals): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(signals).flatMap(([kind, { offsets, indices, values }]) => [
      [`${kind}_offsets`, { shape: [offsets.length], data: offsets }],
      [`${kind}_items`, { shape: [indices.length], data: indices }],
      [`${kind}_values`, { shape: [values.length], data: values }],
    ]),
  );
