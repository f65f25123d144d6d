import { encoderOf } from '../../features/encoder-tensors.ts';
import { float32Tensor } from '../../model/model-content.ts';
import type { LearnedModel, Tensor, UpdateTask } from '../../recipes/recipe.ts';
import { carriedRows } from '../../training/carried-rows.ts';
import { assembleTransformer } from './assemble-transformer.ts';
import { isWeight } from './encoder/encoder-weights.ts';
import { itemTable, itemWeight } from './encoder/item-vectors.ts';
import { placeByFeatures, placeByNeighbours } from './new-item-vectors.ts';
import { signalsOf } from './signals/item-signals.ts';

/**
 * The encoder stays as it is, and so do the vectors of the items that it knows. A new item has the vector that its
 * metadata comes to or, without any, one that its neighbours have; item-item signals, popularity and histories are
 * counted again.
 */
export async function updateTransformer(task: UpdateTask): Promise<LearnedModel> {
  const { trained, formerIndexes, newItemFeatures, histories, itemCount, progress } = task;
  progress.report(0.1, 'counting which items follow and accompany which');
  const signals = await signalsOf(histories, itemCount, progress.signal);
  const formerTable = float32Tensor(trained, itemTable);
  const [, width] = trained.tensors[itemTable].shape;
  const table = carriedRows(formerTable, formerIndexes, width);
  const newItems = Uint32Array.from(formerIndexes.keys()).filter((item) => formerIndexes[item] === -1);
  if (newItemFeatures && trained.tensors[itemWeight]) {
    placeByFeatures(table, newItems, newItemFeatures, float32Tensor(trained, itemWeight));
  }
  placeByNeighbours(table, newItems, signals.neighbours, histories);
  const weights = Object.entries(trained.tensors).filter(([name]) => isWeight(name));
  const encoder: Record<string, Tensor> = {
    ...Object.fromEntries(weights),
    [itemTable]: { shape: [itemCount, width], data: table },
  };
  const { constants, graphs } = trained;
  const knowledge = { encoder, itemEncoder: encoderOf(trained, 'item'), constants, graphs };
  return assembleTransformer({ ...task, forUsers: true }, knowledge, signals);
}
