import { evaluate } from '../metrics/evaluate.ts';
import { planMetrics } from '../metrics/metrics-plan.ts';
import type { Recipe, RecipeType } from './recipe.ts';

/** What recipes of a type have in common. */
export type RecipeTypeFacts = {
  /** The operation that asks their models. */
  readonly operation: 'GetRecommendations' | 'GetPersonalizedRanking';
  /** Ids that a request must have (spec runtime.md §1). It may have others, which are ignored. */
  readonly requiredIds: readonly RequestId[];
  /** How they are measured. */
  readonly evaluation: Evaluation;
};

export type RequestId = 'userId' | 'itemId';

/** What a model that is measured learns from, and the service's metrics of it (spec training.md §9). */
export type Evaluation = { readonly plan: typeof planMetrics; readonly measure: typeof evaluate };

/**
 * On one user in ten, whose newest items are to be found: in the list for the others, or beside the newest of the
 * others.
 */
const heldOutUsers: Evaluation = { plan: planMetrics, measure: evaluate };

export const recipeTypes: Readonly<Record<RecipeType, RecipeTypeFacts>> = {
  USER_PERSONALIZATION: { operation: 'GetRecommendations', requiredIds: ['userId'], evaluation: heldOutUsers },
  PERSONALIZED_RANKING: { operation: 'GetPersonalizedRanking', requiredIds: ['userId'], evaluation: heldOutUsers },
  RELATED_ITEMS: { operation: 'GetRecommendations', requiredIds: ['itemId'], evaluation: heldOutUsers },
  POPULAR_ITEMS: { operation: 'GetRecommendations', requiredIds: [], evaluation: heldOutUsers },
};

/**
 * The type whose requests a recipe answers: that of the catalogue, but a list for everybody needs no user, whatever the
 * catalogue says of aws-popularity-count (spec runtime.md §1).
 */
export const servedType = ({ recipeType, usesHistory }: Pick<Recipe, 'recipeType' | 'usesHistory'>): RecipeType =>
  recipeType === 'USER_PERSONALIZATION' && !usesHistory ? 'POPULAR_ITEMS' : recipeType;
