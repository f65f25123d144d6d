import { availableParallelism } from 'node:os';
import { userItemMatrix } from '../../histories/user-items.ts';
import { trainAls } from '../../kernels/als.ts';
import type { AlsObjective } from '../../kernels/als-problem.ts';
import { splitUsers } from '../../metrics/split.ts';
import { float32Tensor } from '../../model/model-content.ts';
import type { LearnedModel, LearningTask } from '../../recipes/recipe.ts';
import { assembleCollaborative, type Factorisation } from './assemble-collaborative.ts';
import { withFreshFactors } from './fresh-factors.ts';
import { iterations, objectiveConstants, objectiveFor, objectiveOf } from './objective.ts';
import { trainingUsers } from './training-users.ts';
import { chooseBlend } from './validation.ts';

/**
 * Implicit ALS. From scratch: factors from nine tenths of the users, by which the blend with popularity is chosen on
 * the others, then a few passes with all. With a warm start from what was learned (from a part of these users, over the
 * same items): the few passes alone, with the blend that was chosen then.
 */
export async function learnCollaborative(task: LearningTask): Promise<LearnedModel> {
  const { histories, parameters, warmStart } = task;
  const users = trainingUsers(histories, parameters);
  const start = warmStart
    ? { itemFactors: float32Tensor(warmStart, 'item_factors'), constants: warmStart.constants }
    : await startFromScratch(task, users);
  const { constants } = start;
  const factorise = factorisation(task, objectiveOf(start), warmStart ? 0 : iterations.fromScratch);
  const itemFactors = await factorise(users, iterations.warm, start.itemFactors);
  return assembleCollaborative(task, { itemFactors, constants });
}

async function startFromScratch(task: LearningTask, users: Uint32Array): Promise<Factorisation> {
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

/** Passes of ALS over these users, which report as coming after `donePasses` others. */
function factorisation(task: LearningTask, objective: AlsObjective, donePasses: number) {
  const { histories, itemCount, parameters, seed, progress } = task;
  const total = iterations.warm + (task.warmStart ? 0 : iterations.fromScratch);
  return async (users: Uint32Array, passes: number, itemFactors?: Float32Array): Promise<Float32Array> => {
    const userItems = userItemMatrix(histories, users, itemCount);
    const learned = await trainAls({
      ...objective,
      userItems,
      factors: parameters.number('hidden_dimension'),
      iterations: passes,
      seed,
      threads: availableParallelism(),
      wantsUsers: false,
      ...(itemFactors && { itemFactors: withFreshFactors(itemFactors, userItems, seed) }),
      onIteration: (done) => progress.report((donePasses + done) / total, 'factorising'),
      signal: progress.signal,
    });
    return learned.itemFactors;
  };
}
