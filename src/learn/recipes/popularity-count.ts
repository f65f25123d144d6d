import { learnByUsers } from '../families/popularity/learn.ts';
import { PopularityModel } from '../families/popularity/model.ts';
import { type Recipe, usualDatasets } from './recipe.ts';

/** The items with which the most different users interacted, the same for everyone (spec recipes.md §2.7). */
export const popularityCount: Recipe = {
  name: 'aws-popularity-count',
  recipeType: 'USER_PERSONALIZATION',
  description:
    'Recommends the items with which the most different users interacted: a baseline to compare others with.',
  featureTransformation: 'sims',
  algorithmHyperParameters: [],
  featureTransformationParameters: [],
  publishedAt: Date.UTC(2019, 5, 10),
  datasets: usualDatasets,
  usesHistory: false,
  learn: learnByUsers,
  open: async (content) => new PopularityModel(content),
};
