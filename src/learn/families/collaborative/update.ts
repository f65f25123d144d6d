import { availableParallelism } from 'node:os';
import { interactedItems } from '../../histories/histories.ts';
import { userItemMatrix } from '../../histories/user-items.ts';
import { trainAls } from '../../kernels/als.ts';
import { transpose } from '../../kernels/csr.ts';
import { FoldIn } from '../../kernels/fold-in.ts';
import { float32Tensor } from '../../model/model-content.ts';
import type { LearnedModel, UpdateTask } from '../../recipes/recipe.ts';
import { carriedRows } from '../../training/carried-rows.ts';
import { assembleCollaborative } from './assemble-collaborative.ts';
import { objectiveOf } from './objective.ts';
import { trainingUsers } from './training-users.ts';

/**
 * The factors of the items that are known stay as they are. New items that somebody has had get theirs folded in;
 * popularity and histories are counted again.
 */
export async function updateCollaborative(task: UpdateTask): Promise<LearnedModel> {
  const { trained, formerIndexes, histories, itemCount, parameters } = task;
  const itemFactors = carriedRows(
    float32Tensor(trained, 'item_factors'),
    formerIndexes,
    parameters.number('hidden_dimension'),
  );
  const warmItems = interactedItems(histories, itemCount);
  const newItems = Uint32Array.from(formerIndexes.keys()).filter(
    (item) => formerIndexes[item] === -1 && item < warmItems,
  );
  if (newItems.length > 0) await foldItemsIn(task, itemFactors, newItems);
  return assembleCollaborative({ ...task, forUsers: true }, { itemFactors, constants: trained.constants });
}

/** The items' step of ALS for some items, in place, against the factors that their users have by the other items. */
async function foldItemsIn(task: UpdateTask, itemFactors: Float32Array, newItems: Uint32Array): Promise<void> {
  const { trained, histories, itemCount, parameters, seed, progress } = task;
  const objective = objectiveOf(trained);
  const factors = parameters.number('hidden_dimension');
  const userItems = userItemMatrix(histories, trainingUsers(histories, parameters), itemCount);
  progress.report(0.1, 'folding new items in');
  const { userFactors } = await trainAls({
    ...objective,
    userItems,
    factors,
    itemFactors,
    seed,
    iterations: 0,
    threads: availableParallelism(),
    signal: progress.signal,
  });
  const { offsets, indices } = transpose(userItems);
  const foldIn = new FoldIn({ ...objective, itemFactors: userFactors, factors });
  for (const item of newItems) {
    const users = indices.subarray(offsets[item], offsets[item + 1]);
    itemFactors.set(foldIn.userVector(users), item * factors);
  }
}
