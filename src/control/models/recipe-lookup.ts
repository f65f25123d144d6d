import { builtInName } from '../../contract/arn.ts';
import { invalidInput, resourceNotFound } from '../../contract/errors.ts';
import { findRecipeByName, withdrawnRecipes } from '../../learn/recipes/catalogue.ts';
import type { Recipe, RecipeFacts } from '../../learn/recipes/recipe.ts';
import { unavailable } from '../availability.ts';

/**
 * A recipe that a solution can be made with.
 *
 * @throws ServiceError InvalidInputException for a use case of recommenders,
 *   ResourceNotFoundException for a recipe that there is not.
 */
export function getRecipe(arn: string): Recipe {
  const recipe = recipeOf(arn);
  const { name, domain } = recipe;
  if (domain !== undefined) {
    throw invalidInput(`Recipe ${name} is for recommenders: create a recommender with it, or use another recipe.`);
  }
  return recipe;
}

/**
 * A use case: a recipe that a recommender can be made with.
 *
 * @throws ServiceError InvalidInputException for another recipe of the service's, ResourceNotFoundException for any
 *   other.
 */
export function getUseCase(arn: string): Recipe & Required<Pick<RecipeFacts, 'domain'>> {
  const recipe = recipeOf(arn);
  const { name, domain } = recipe;
  if (domain === undefined) {
    throw invalidInput(`Recipe ${name} is for solutions: create a solution with it, or use the recipe of a use case.`);
  }
  return { ...recipe, domain };
}

/**
 * @throws ServiceError InvalidInputException for a recipe that the service has withdrawn, ResourceNotFoundException for
 *   one that it has not.
 */
export function recipeOf(arn: string): Recipe {
  const name = builtInName(arn, 'recipe');
  const recipe = name === undefined ? undefined : findRecipeByName(name);
  if (recipe) return recipe;
  if (name !== undefined && withdrawnRecipes.includes(name)) throw unavailable(`Recipe ${name}`);
  throw resourceNotFound(arn);
}
