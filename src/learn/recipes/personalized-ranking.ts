import { learnCollaborative } from '../families/collaborative/learn.ts';
import { openCollaborative } from '../families/collaborative/model.ts';
import { collaborativeParameters } from '../families/collaborative/parameters.ts';
import { type Recipe, usualDatasets } from './recipe.ts';

/** A list of items in a user's order (spec recipes.md §2.3). */
export const personalizedRanking: Recipe = {
  name: 'aws-personalized-ranking',
  recipeType: 'PERSONALIZED_RANKING',
  description: 'Orders a list of items by how likely a user is to interact with each.',
  featureTransformation: 'JSON-percentile-filtering',
  ...collaborativeParameters,
  publishedAt: Date.UTC(2019, 5, 10),
  datasets: usualDatasets,
  usesHistory: true,
  learn: learnCollaborative,
  warmStartTensors: (tensor) => tensor === 'item_factors',
  open: async (content) => openCollaborative(content),
};
