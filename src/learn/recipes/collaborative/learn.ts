import { availableParallelism } from 'node:os';
import { splitUsers } from '../../evaluation/split.ts';
import { allUsers, copyOf, interactedItems, selectUsers } from '../../histories.ts';
import { trainAls } from '../../kernels/als.ts';
import type { AlsObjective } from '../../kernels/als-problem.ts';
import { float32Tensor } from '../../model-content.ts';
import type { Learned, LearningTask } from '../../recipe.ts';
import { usersWithinPercentiles } from '../percentiles.ts';
import { logEarlyPopularity, logMean, logPopularity } from '../popularity.ts';
import { userItemMatrix } from '../user-items.ts';
import { iterations, objectiveConstants, objectiveFor, objectiveOf } from './objective.ts';
import { chooseBlend } from './validation.ts';

/** Where the last passes start from. */
type Start = { readonly itemFactors: Float32Array; readonly constants: Readonly<Record<string, number>> };

/**
 * Implicit ALS. From scratch: factors from nine tenths of the users, by which the blend with popularity is chosen on the
 * others, then a few passes with all. Going on from what was learned before (from a part of these users, over the same
 * items): the few passes alone, with the blend that was chosen then.
 */
export async function learnCollaborative(task: LearningTask): Promise<Learned> {
  const { histories, itemCount, parameters, before } = task;
  const users = usersWithinPercentiles(
    histories,
    allUsers(histories),
    parameters.number('min_user_history_length_percentile'),
    parameters.number('max_user_history_length_percentile'),
  );
  const start = before
    ? { itemFactors: float32Tensor(before, 'item_factors'), constants: before.constants }
    : await startFromScratch(task, users);
  const { constants } = start;
  const factorise = factorisation(task, objectiveOf(start), before ? 0 : iterations.fromScratch);
  const itemFactors = await factorise(users, iterations.goingOn, start.itemFactors);

  const popularity = logPopularity(histories, itemCount, constants.half_life_days ?? Number.POSITIVE_INFINITY);
  const early = logEarlyPopularity(histories, itemCount);
  const steps = parameters.number('bptt');
  const known = task.forUsers ? allUsers(histories) : new Uint32Array();
  const newest = copyOf(selectUsers(histories, known, steps));
  const unknownUser = parameters.flag('recency_mask') ? logMean(early, popularity) : early;
  return {
    tensors: {
      item_factors: { shape: [itemCount, parameters.number('hidden_dimension')], data: itemFactors },
      log_popularity: { shape: [itemCount], data: popularity },
      log_popularity_unknown_user: { shape: [itemCount], data: unknownUser },
      history_offsets: { shape: [newest.offsets.length], data: newest.offsets },
      history_items: { shape: [newest.items.length], data: newest.items },
    },
    constants: { ...constants, history_length: steps, interacted_items: interactedItems(histories, itemCount) },
  };
}

async function startFromScratch(task: LearningTask, users: Uint32Array): Promise<Start> {
  const { histories, itemCount, parameters, seed } = task;
  const { training, heldOut } = splitUsers(histories, users, seed);
  const objective = objectiveFor(userItemMatrix(histories, training, itemCount));
  const itemFactors = await factorisation(task, objective, 0)(training, iterations.fromScratch);
  const blend = await chooseBlend(
    {
      histories,
      training,
      validation: heldOut,
      itemCount,
      steps: parameters.number('bptt'),
      recency: parameters.flag('recency_mask'),
    },
    { ...objective, itemFactors, factors: parameters.number('hidden_dimension') },
  );
  return { itemFactors, constants: { ...objectiveConstants(objective), ...blend } };
}

/** Passes of ALS over these users, which report as those that come after `before` others. */
function factorisation(task: LearningTask, objective: AlsObjective, before: number) {
  const { histories, itemCount, parameters, seed, watch } = task;
  const total = iterations.goingOn + (task.before ? 0 : iterations.fromScratch);
  return async (users: Uint32Array, passes: number, itemFactors?: Float32Array): Promise<Float32Array> => {
    const learned = await trainAls({
      ...objective,
      userItems: userItemMatrix(histories, users, itemCount),
      factors: parameters.number('hidden_dimension'),
      iterations: passes,
      seed,
      threads: availableParallelism(),
      wantsUsers: false,
      ...(itemFactors && { itemFactors }),
      onIteration: (done) => watch.progress((before + done) / total, 'factorising'),
      signal: watch.signal,
    });
    return learned.itemFactors;
  };
}
