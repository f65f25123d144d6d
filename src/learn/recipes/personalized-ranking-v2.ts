import { transformerRecipe } from '../families/transformer/recipe.ts';
import type { Recipe } from './recipe.ts';

/** A list of items in a user's order, by a transformer (spec recipes.md §2.4). */
export const personalizedRankingV2: Recipe = {
  name: 'aws-personalized-ranking-v2',
  recipeType: 'PERSONALIZED_RANKING',
  description:
    'Orders a list of items by how likely a user is to interact with each next, from the order of all users’ interactions.',
  featureTransformation: 'aws-personalized-ranking-v2',
  ...transformerRecipe,
};
