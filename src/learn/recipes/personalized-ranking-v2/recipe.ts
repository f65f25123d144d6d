import type { Recipe } from '../../recipe.ts';
import { learnTransformer } from '../transformer/learn.ts';
import { openTransformer } from '../transformer/model.ts';
import { transformerParameters } from '../transformer/parameters.ts';

/** A list of items in a user's order, by a transformer (spec recipes.md §2.4). */
export const personalizedRankingV2: Recipe = {
  name: 'aws-personalized-ranking-v2',
  recipeType: 'PERSONALIZED_RANKING',
  description:
    'Orders a list of items by how likely a user is to interact with each next, from the order of all users’ interactions.',
  featureTransformation: 'aws-personalized-ranking-v2',
  ...transformerParameters,
  publishedAt: Date.UTC(2024, 0, 1),
  knowsUsers: true,
  learn: learnTransformer,
  open: openTransformer,
};
