import { encoderOf } from '../../features/encoder-tensors.ts';
import { float32Tensor } from '../../model/model-content.ts';
import type { LearnedModel, Tensor, UpdateTask } from '../../recipes/recipe.ts';
import { carriedRows } from '../../training/carried-rows.ts';
import { isWeight } from './encoder/encoder-weights.ts';
import { itemTable, itemWeight } from './encoder/item-vectors.ts';
import { modelOf } from './model-of.ts';
import { placeByFeatures, placeByNeighbours } from './new-item-vectors.ts';
import { evidenceOf } from './signals/evidence.ts';

/**
 * The encoder stays as it is, and so do the vectors of the items that it knows. A new item has the vector that its metadata comes to or, without any,
 * one that its neighbours have; evidence of pairs, popularity and histories are counted anew.
 */
export async function updateTransformer(task: UpdateTask): Promise<LearnedModel> {
  const { trained: before, formerIndexes: places, newItemFeatures, histories, itemCount, progress } = task;
  progress.report(0.1, 'counting which items follow and accompany which');
  const evidence = await evidenceOf(histories, itemCount, progress.signal);
  const [, width = 0] = before.tensors[itemTable]?.shape ?? [];
  const table = carriedRows(float32Tensor(before, itemTable), places, width);
  const newItems = Uint32Array.from(places.keys()).filter((item) => places[item] === -1);
  if (newItemFeatures && before.tensors[itemWeight]) {
    placeByFeatures(table, newItems, newItemFeatures, float32Tensor(before, itemWeight));
  }
  placeByNeighbours(table, newItems, evidence.neighbours, histories);
  const weights = Object.entries(before.tensors).filter(([name]) => isWeight(name));
  const encoder: Record<string, Tensor> = {
    ...Object.fromEntries(weights),
    [itemTable]: { shape: [itemCount, width], data: table },
  };
  const { constants, graphs } = before;
  const knowledge = { encoder, itemEncoder: encoderOf(before, 'item'), constants, graphs };
  return modelOf({ ...task, forUsers: true }, knowledge, evidence);
}
