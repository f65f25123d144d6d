import type { RecipeDatasets } from './recipe.ts';

/**
 * What the recipes of recommenders have in common (spec domains.md §2). Nothing is published of their types, algorithms
 * and feature transformations; the types follow from what each recommends.
 */
export const useCaseFacts = {
  /** The date that the service shows for them all. */
  publishedAt: Date.UTC(2019, 5, 10),
  algorithmHyperParameters: [],
  featureTransformationParameters: [],
} as const;

export const interactionsAlone: RecipeDatasets = { INTERACTIONS: 'required' };
