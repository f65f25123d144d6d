import { learnCollaborative } from '../families/collaborative/learn.ts';
import { openCollaborative } from '../families/collaborative/model.ts';
import { collaborativeParameters } from '../families/collaborative/parameters.ts';
import { updateCollaborative } from '../families/collaborative/update.ts';
import { type Recipe, usualDatasets } from './recipe.ts';

/** The items that a user is likely to interact with next (spec recipes.md §2.2). */
export const userPersonalization: Recipe = {
  name: 'aws-user-personalization',
  recipeType: 'USER_PERSONALIZATION',
  description: 'Recommends the items that a user is most likely to interact with, from the interactions of all users.',
  featureTransformation: 'JSON-percentile-filtering',
  // spec recipes.md §2.2
  exploration: { explorationWeight: '0.3', explorationItemAgeCutOff: '30.0' },
  ...collaborativeParameters,
  publishedAt: Date.UTC(2019, 5, 10),
  datasets: usualDatasets,
  usesHistory: true,
  supportsUpdateMode: true,
  learn: learnCollaborative,
  update: updateCollaborative,
  warmStartTensors: (tensor) => tensor === 'item_factors',
  open: async (content) => openCollaborative(content),
};
