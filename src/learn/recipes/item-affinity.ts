import { learnItemSegments } from '../families/segments/learn.ts';
import { openItemSegments } from '../families/segments/model.ts';
import { segmentParameters } from '../families/segments/parameters.ts';
import { type RecipeOf, usualDatasets } from './recipe.ts';

/** The users who are most likely to interact with an item (spec recipes.md §3.1). */
export const itemAffinity: RecipeOf<'USER_SEGMENTATION'> = {
  name: 'aws-item-affinity',
  recipeType: 'USER_SEGMENTATION',
  batchLinesQuota: 'segmentLinesPerFile',
  description: 'Makes segments of the users who are most likely to interact with each of a list of items.',
  featureTransformation: 'item-affinity',
  ...segmentParameters,
  publishedAt: Date.UTC(2021, 6, 15),
  datasets: usualDatasets,
  usesMetadata: true,
  usesHistory: true,
  learn: learnItemSegments,
  warmStartTensors: (tensor) => tensor === 'item_factors',
  open: async (content) => openItemSegments(content),
};
