import { type FilePath, pathOf } from '../../data/encryption/file-path.ts';
import { findRecipeByName } from '../recipes/catalogue.ts';
import type { ModelContent } from '../recipes/recipe.ts';
import { actionsByIds } from './actions-by-ids.ts';
import type { Model } from './model.ts';
import { byIds } from './model-by-ids.ts';
import { type ReadIds, readContent, readDescription } from './model-folder.ts';
import type { SegmentModel } from './segment-model.ts';

/**
 * Opens a model folder that `train` made, wherever it has been moved to.
 *
 * @param readIds where ids of users and items may be had already
 * @param options what it is opened for
 * @throws Error in one sentence if it is of a newer format or recipe than this version knows, or is not whole
 */
export async function openModel(
  folder: FilePath,
  readIds?: ReadIds,
  { answersMany }: Pick<ModelContent, 'answersMany'> = {},
): Promise<Model> {
  const { recipe, content } = await read(folder, readIds);
  if (recipe.recipeType === 'USER_SEGMENTATION') {
    throw new Error(`The model in ${pathOf(folder)} makes segments and answers no requests.`);
  }
  if (recipe.recipeType === 'PERSONALIZED_ACTIONS') return actionsByIds(await recipe.open(content));
  return byIds(await recipe.open({ ...content, answersMany }));
}

/** The same for a model that finds users, for batch jobs. @throws Error as `openModel` does */
export async function openSegmentModel(folder: FilePath): Promise<SegmentModel> {
  const { recipe, content } = await read(folder);
  if (recipe.recipeType === 'USER_SEGMENTATION') return await recipe.open(content);
  throw new Error(`The model in ${pathOf(folder)} is of the recipe ${recipe.name}, which makes no segments.`);
}

async function read(folder: FilePath, readIds?: ReadIds) {
  const description = await readDescription(folder);
  const recipe = findRecipeByName(description.recipe);
  if (recipe === undefined) {
    throw new Error(
      `The model in ${pathOf(folder)} is of the recipe ${description.recipe}, which this version of OpenPersonalize does not know.`,
    );
  }
  return {
    recipe,
    content: await readContent(folder, description, recipe.usesHistory, recipe.datasets.ACTIONS !== undefined, readIds),
  };
}
