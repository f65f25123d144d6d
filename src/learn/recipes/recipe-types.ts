import { heldOutActions } from '../metrics/action-users.ts';
import type { Evaluation } from '../metrics/evaluation.ts';
import { heldOutUsers } from '../metrics/held-out-users.ts';
import { heldOutInteractions } from '../metrics/segment-users.ts';
import type { ItemType, ModelOf, Recipe, RecipeOf, RecipeType, RequestId, ServedType } from './recipe.ts';

/** What recipes of a type have in common. */
export type RecipeTypeFacts<Type extends RecipeType> = {
  /** The operation that asks their models; none where only batch jobs do, so that no campaign can serve them. */
  readonly operation: Type extends ServedType ? RuntimeOperation : undefined;
  /** Ids that a request must have (spec runtime.md §1). It may have others, which are ignored. */
  readonly requiredIds: readonly RequestId[];
  /** The batch jobs that ask their models; none where there are none. */
  readonly batch: BatchOperation | undefined;
  /** How they are measured; a recipe may have an evaluation of its own. */
  readonly evaluation: Evaluation<ModelOf<Type>>;
};

export type BatchOperation = 'CreateBatchInferenceJob' | 'CreateBatchSegmentJob';

export type RuntimeOperation = 'GetRecommendations' | 'GetPersonalizedRanking' | 'GetActionRecommendations';

export const recipeTypes: { readonly [Type in RecipeType]: RecipeTypeFacts<Type> } = {
  USER_PERSONALIZATION: {
    operation: 'GetRecommendations',
    requiredIds: ['userId'],
    batch: 'CreateBatchInferenceJob',
    evaluation: heldOutUsers,
  },
  PERSONALIZED_RANKING: {
    operation: 'GetPersonalizedRanking',
    requiredIds: ['userId'],
    batch: 'CreateBatchInferenceJob',
    evaluation: heldOutUsers,
  },
  RELATED_ITEMS: {
    operation: 'GetRecommendations',
    requiredIds: ['itemId'],
    batch: 'CreateBatchInferenceJob',
    evaluation: heldOutUsers,
  },
  POPULAR_ITEMS: {
    operation: 'GetRecommendations',
    requiredIds: [],
    batch: undefined,
    evaluation: heldOutUsers,
  },
  USER_SEGMENTATION: {
    operation: undefined,
    requiredIds: [],
    batch: 'CreateBatchSegmentJob',
    evaluation: heldOutInteractions,
  },
  PERSONALIZED_ACTIONS: {
    operation: 'GetActionRecommendations',
    requiredIds: ['userId'],
    batch: undefined,
    evaluation: heldOutActions,
  },
};

/** A recipe whose models answer with items. */
export type ItemRecipe = { readonly [Type in ItemType]: RecipeOf<Type> }[ItemType];

export const recommendsItems = (recipe: Recipe): recipe is ItemRecipe =>
  recipe.recipeType !== 'USER_SEGMENTATION' && recipe.recipeType !== 'PERSONALIZED_ACTIONS';

/** How the models of a recipe are measured. */
export const evaluationOf = <Type extends RecipeType>(recipe: RecipeOf<Type>): Evaluation<ModelOf<Type>> =>
  recipe.evaluation ?? recipeTypes[recipe.recipeType].evaluation;

/**
 * The type whose requests a recipe answers: that of the catalogue, but a list for everybody needs no user, whatever the
 * catalogue says of aws-popularity-count (spec runtime.md §1). Undefined for a recipe that answers no requests.
 */
export function servedType({
  recipeType,
  usesHistory,
}: Pick<RecipeOf<RecipeType>, 'recipeType' | 'usesHistory'>): ServedType | undefined {
  if (recipeType === 'USER_SEGMENTATION') return undefined;
  return recipeType === 'USER_PERSONALIZATION' && !usesHistory ? 'POPULAR_ITEMS' : recipeType;
}

/** The batch jobs that ask the models of a recipe (spec batch.md §1): none ask those of use cases. */
export const batchOperationOf = ({ recipeType, domain }: Pick<Recipe, 'recipeType' | 'domain'>) =>
  domain === undefined ? recipeTypes[recipeType].batch : undefined;
