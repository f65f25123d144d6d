import { builtInName } from '../../contract/arn.ts';
import { invalidInput, resourceNotFound } from '../../contract/errors.ts';
import { findRecipeByName, publishedRecipes, recipes, withdrawnRecipes } from '../../learn/recipes/catalogue.ts';
import type { Recipe, RecipeFacts } from '../../learn/recipes/recipe.ts';
import { unavailable } from '../availability.ts';

/**
 * A recipe that a solution can be made with.
 *
 * @throws ServiceError InvalidInputException for one of the service's that cannot be trained here,
 *   ResourceNotFoundException for any other.
 */
export function getRecipe(arn: string): Recipe {
  const { name, domain } = recipeFacts(arn);
  if (domain !== undefined) throw invalidInput(`Recipe ${name} is for recommenders; a solution cannot use it.`);
  const recipe = findRecipeByName(name);
  if (recipe) return recipe;
  const trainable = recipes.flatMap((one) => (one.domain === undefined ? [one.name] : [])).join(', ');
  throw invalidInput(`Recipe ${name} cannot be trained in this version of OpenPersonalize. These can: ${trainable}.`);
}

/**
 * A use case: a recipe that a recommender can be made with.
 *
 * @throws ServiceError InvalidInputException for another recipe of the service's, ResourceNotFoundException for any
 *   other.
 */
export function getUseCase(arn: string): Recipe & Required<Pick<RecipeFacts, 'domain'>> {
  const { name, domain } = recipeFacts(arn);
  if (domain === undefined) throw invalidInput(`Recipe ${name} is for solutions; a recommender cannot use it.`);
  const recipe = findRecipeByName(name);
  if (recipe) return { ...recipe, domain };
  throw invalidInput(`Recipe ${name} cannot be trained in this version of OpenPersonalize.`);
}

/**
 * @throws ServiceError InvalidInputException for a recipe that the service has withdrawn, ResourceNotFoundException for
 *   one that it has not.
 */
export function recipeFacts(arn: string): RecipeFacts {
  const name = builtInName(arn, 'recipe');
  const facts = publishedRecipes.find((recipe) => recipe.name === name);
  if (facts) return facts;
  if (name !== undefined && withdrawnRecipes.includes(name)) throw unavailable(`Recipe ${name}`);
  throw resourceNotFound(arn);
}
