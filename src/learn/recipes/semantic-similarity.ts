import { evaluateSemantic } from '../families/semantic/evaluation.ts';
import { semanticColumn } from '../families/semantic/item-texts.ts';
import { learnSemantic } from '../families/semantic/learn.ts';
import { openSemanticView } from '../families/semantic/live-view.ts';
import { SemanticModel } from '../families/semantic/model.ts';
import type { RecipeOf } from './recipe.ts';

/** Items whose names and texts mean much the same (spec recipes.md §2.9). */
export const semanticSimilarity: RecipeOf<'RELATED_ITEMS'> = {
  name: 'aws-semantic-similarity',
  recipeType: 'RELATED_ITEMS',
  description: 'Recommends items whose texts mean much the same as those of a given item.',
  featureTransformation: 'aws-semantic-similarity',
  algorithmHyperParameters: [],
  featureTransformationParameters: [],
  givesMetadata: true,
  supportsRankingInfluence: true,
  supportsIncrementalUpdate: true,
  publishedAt: Date.UTC(2025, 0, 1),
  datasets: { INTERACTIONS: 'optional', ITEMS: 'required' },
  neededFields: [
    { dataset: 'ITEMS', what: 'string field with "itemName": true', isMetBy: ({ isItemName }) => isItemName === true },
    { dataset: 'ITEMS', what: 'string field with "textual": true', isMetBy: ({ textual }) => textual },
  ],
  itemColumn: semanticColumn,
  usesHistory: false,
  evaluation: evaluateSemantic,
  live: { follows: { ITEMS: 'all' }, create: openSemanticView },
  learn: learnSemantic,
  open: async (content) => new SemanticModel(content),
};
