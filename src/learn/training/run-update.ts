import type { FilePath } from '../../data/encryption/file-path.ts';
import { type Progress, subProgress } from '../../util/progress.ts';
import { encoderOf, isOfEncoder } from '../features/encoder-tensors.ts';
import {
  itemsFile,
  type ModelDescription,
  readContent,
  readDescription,
  writeModelFolder,
} from '../model/model-folder.ts';
import { findRecipeByName } from '../recipes/catalogue.ts';
import { resolveParameters } from '../recipes/parameters.ts';
import type { Recipe } from '../recipes/recipe.ts';
import { buildUpdateSet } from '../training-set/update-set.ts';
import { relativeWeights } from './event-weights.ts';
import { TrainingError, type TrainingRequest } from './training.ts';

/** Which part of the whole each stage is, by how far the stages before it have come. */
const stage = { data: 0.05, model: 0.6, writing: 0.95 } as const;

/**
 * Brings the model in the folder `trainedFolder` up to date, in this process, and writes it into `folder`, which is
 * empty: what the data has now is in it, and what was learned stays. So do the metrics, which are those of the
 * training.
 *
 * @returns the metrics
 * @throws TrainingError if the data does not suffice any more, or is no longer as the model reads it
 */
export async function runUpdate(
  request: Omit<TrainingRequest, 'modelFolder'>,
  trainedFolder: FilePath,
  folder: FilePath,
  progress: Progress,
): Promise<Readonly<Record<string, number>>> {
  const description = await readDescription(trainedFolder);
  const recipe = findRecipeByName(description.recipe);
  if (!recipe?.update) throw new TrainingError(`A model of the recipe ${description.recipe} cannot be updated.`);
  progress.report(0, 'reading the model');
  const { learned, items: known, ...others } = await readKnowledge(trainedFolder, description, recipe);
  const { users, items, histories, ...found } = await buildUpdateSet(
    request,
    {
      datasets: recipe.datasets,
      useCase: recipe.useCase,
      columns: learned.columns ?? [],
      items: known,
      itemsFile: itemsFile(trainedFolder),
      itemEncoder: encoderOf(learned, 'item'),
      userEncoder: encoderOf(learned, 'user'),
    },
    subProgress(progress, stage.data, stage.model),
  );
  const { parameters, seed, metrics } = description;
  const updated = await recipe.update({
    histories,
    itemCount: items.size,
    ...found,
    trained: learned,
    seed,
    parameters: resolveParameters(recipe, parameters),
    eventWeights: request.events && relativeWeights(request.events),
    progress: subProgress(progress, stage.model, stage.writing),
  });
  progress.report(stage.writing, 'writing the model');
  const counts = { users: users.size, items: items.size, interactions: histories.items.length };
  const content = { learned: updated, items, ...others, ...(recipe.usesHistory && { users }) };
  await writeModelFolder(folder, content, { recipe: recipe.name, parameters, seed, counts, metrics });
  progress.report(1, 'done');
  return metrics;
}

/** What an update starts from; the rest of the model is dropped before the data is read. */
async function readKnowledge(
  trainedFolder: FilePath,
  description: ModelDescription,
  { warmStartTensors, datasets }: Recipe,
) {
  const { learned, ...ids } = await readContent(trainedFolder, description, false, datasets.ACTIONS !== undefined);
  const needed = Object.entries(learned.tensors).filter(([name]) => warmStartTensors?.(name) || isOfEncoder(name));
  return { learned: { ...learned, tensors: Object.fromEntries(needed) }, ...ids };
}
