import type { Watch } from '../data/watch.ts';
import type { TrainingSet } from './training-set.ts';

export type RecipeType = 'USER_PERSONALIZATION' | 'PERSONALIZED_RANKING' | 'RELATED_ITEMS' | 'POPULAR_ITEMS';

/** A setting of a recipe. Values travel as strings, as in the API. */
export type Hyperparameter = {
  readonly name: string;
  readonly tunable: boolean;
} & (
  | { readonly kind: 'integer' | 'continuous'; readonly default?: number; readonly min: number; readonly max: number }
  | { readonly kind: 'categorical'; readonly default: string; readonly values: readonly string[] }
);

/** What the catalogue says of a recipe (spec recipes.md): facts for DescribeRecipe, DescribeAlgorithm and validation. */
export type RecipeFacts = {
  readonly name: string;
  readonly recipeType: RecipeType;
  readonly description: string;
  /** Last part of the ARN `arn:aws:personalize:::feature-transformation/…`. */
  readonly featureTransformation: string;
  readonly algorithmHyperParameters: readonly Hyperparameter[];
  readonly featureTransformationParameters: readonly Hyperparameter[];
  /** Milliseconds since the epoch: the date in the service's own listing. */
  readonly publishedAt: number;
};

/** Resolved settings: every hyperparameter of the recipe by name, the caller's value or the default. */
export type Parameters = { readonly get: (name: string) => number | string | undefined };

/** One recipe: its facts and how it learns. */
export type Recipe = RecipeFacts & {
  /** Learns from `trainingSet` and writes a model folder at `folder` (which exists and is empty). */
  train(trainingSet: TrainingSet, parameters: Parameters, watch: Watch, folder: string): Promise<void>;
};
