import { constant, float32Tensor } from '../../model/model-content.ts';
import type { LearnedModel, UpdateTask } from '../../recipes/recipe.ts';
import { carriedRows } from '../../training/carried-rows.ts';
import { projected } from './item-vectors.ts';
import { itemTensors, userTensors } from './learn.ts';

/**
 * Reads users, their interactions and new items as the model knows them; what was learned stays, as does which actions
 * have scores. A new item says what its metadata do.
 */
export async function updateActions(task: UpdateTask): Promise<LearnedModel> {
  const { trained, formerIndexes, itemCount, newItemFeatures } = task;
  if (!trained.tensors.coefficients) return trained;
  const factors = constant(trained, 'item_factors');
  const former = float32Tensor(trained, 'item_vectors');
  const formerItems = formerIndexes.reduce((most, index) => Math.max(most, index + 1), 0);
  const width = formerItems === 0 ? 0 : (trained.tensors.item_vectors?.shape[1] ?? 0);
  const values = carriedRows(former, formerIndexes, width);
  if (newItemFeatures && width > factors) {
    const { item_projection } = trained.tensors;
    const properties = item_projection
      ? projected(
          newItemFeatures,
          newItemFeatures.values.length / newItemFeatures.width,
          float32Tensor(trained, 'item_projection'),
          width - factors,
        )
      : newItemFeatures.values;
    let row = 0;
    for (let item = 0; item < itemCount; item++) {
      if (formerIndexes[item] >= 0) continue;
      values.set(properties.subarray(row * (width - factors), (row + 1) * (width - factors)), item * width + factors);
      row++;
    }
  }
  const projection = trained.tensors.item_projection && float32Tensor(trained, 'item_projection');
  const vectors = { values, width, factors, projection };
  return { ...trained, tensors: { ...trained.tensors, ...itemTensors(vectors), ...userTensors(task, vectors) } };
}
