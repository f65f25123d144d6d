import { availableParallelism } from 'node:os';
import { splitUsers } from '../../evaluation/split.ts';
import { allUsers, selectUsers } from '../../histories.ts';
import { trainAls } from '../../kernels/als.ts';
import { float32Tensor } from '../../model-content.ts';
import type { Learned, LearningTask } from '../../recipe.ts';
import { usersWithinPercentiles } from '../percentiles.ts';
import { userItemMatrix } from '../user-items.ts';
import { iterations, objective } from './objective.ts';
import { logEarlyPopularity, logMean, logPopularity } from './popularity.ts';
import { chooseBlend } from './validation.ts';

/**
 * Implicit ALS. From scratch: factors from nine tenths of the users, by which the blend with popularity is chosen on the
 * others, then a few passes with all. Going on from what was learned before (from a part of these users, over the same
 * items): the few passes alone, with the blend that was chosen then.
 */
export async function learnCollaborative(task: LearningTask): Promise<Learned> {
  const { histories, itemCount, parameters, seed, before, watch } = task;
  const steps = parameters.number('bptt');
  const users = usersWithinPercentiles(
    histories,
    allUsers(histories),
    parameters.number('min_user_history_length_percentile'),
    parameters.number('max_user_history_length_percentile'),
  );
  const factors = parameters.number('hidden_dimension');
  const passes = before ? iterations.goingOn : iterations.fromScratch + iterations.goingOn;
  let passed = 0;
  const als = async (rows: Uint32Array, count: number, itemFactors?: Float32Array) => {
    const done = await trainAls({
      ...objective,
      userItems: userItemMatrix(histories, rows, itemCount),
      factors,
      iterations: count,
      seed,
      threads: availableParallelism(),
      ...(itemFactors && { itemFactors }),
      onIteration: () => watch.progress(++passed / passes, 'factorising'),
      signal: watch.signal,
    });
    return done.itemFactors;
  };

  let itemFactors = before && float32Tensor(before, 'item_factors');
  let constants = before?.constants;
  if (itemFactors === undefined || constants === undefined) {
    const { training, heldOut } = splitUsers(histories, users, seed);
    itemFactors = await als(training, iterations.fromScratch);
    constants = chooseBlend(
      { histories, training, validation: heldOut, itemCount, steps, recency: parameters.flag('recency_mask') },
      { itemFactors, factors },
    );
  }
  itemFactors = await als(users, iterations.goingOn, itemFactors);
  const popularity = logPopularity(histories, itemCount, constants.half_life_days ?? Number.POSITIVE_INFINITY);
  const early = logEarlyPopularity(histories, itemCount);
  const newest = selectUsers(histories, allUsers(histories), steps);
  const tensor = (data: Float32Array | Uint32Array, ...shape: number[]) => ({ shape: [data.length, ...shape], data });
  return {
    tensors: {
      item_factors: { shape: [itemCount, factors], data: itemFactors },
      log_popularity: tensor(popularity),
      log_popularity_unknown_user: tensor(parameters.flag('recency_mask') ? logMean(early, popularity) : early),
      history_offsets: tensor(newest.offsets),
      history_items: tensor(newest.items),
    },
    constants: {
      ...constants,
      history_length: steps,
      interacted_items: 1 + histories.items.reduce((a, b) => Math.max(a, b), -1),
    },
  };
}
