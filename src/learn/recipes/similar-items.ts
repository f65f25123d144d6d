import { learnSimilarItems } from '../families/similar-items/learn.ts';
import { openSimilarItems } from '../families/similar-items/model.ts';
import { type Hyperparameter, type RecipeOf, usualDatasets } from './recipe.ts';

const hiddenDimension = (name: string): Hyperparameter => ({
  kind: 'integer',
  name,
  default: 100,
  min: 30,
  max: 200,
  tunable: true,
});

/** Items that go with an item, by who interacted with them and by their metadata (spec recipes.md §2.5). */
export const similarItems: RecipeOf<'RELATED_ITEMS'> = {
  name: 'aws-similar-items',
  recipeType: 'RELATED_ITEMS',
  description: 'Recommends items that are like a given item by who interacted with them and by their metadata.',
  algorithmHyperParameters: [
    { kind: 'continuous', name: 'popularity_discount_factor', default: 0, min: 0, max: 1, tunable: false },
    hiddenDimension('item_id_hidden_dim'),
    hiddenDimension('item_metadata_hidden_dim'),
  ],
  featureTransformation: 'aws-similar-items',
  featureTransformationParameters: [],
  usesMetadata: true,
  publishedAt: Date.UTC(2021, 9, 1),
  datasets: usualDatasets,
  usesHistory: false,
  learn: learnSimilarItems,
  open: async (content) => openSimilarItems(content),
};
