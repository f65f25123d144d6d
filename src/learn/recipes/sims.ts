import { learnSims } from '../families/co-occurrence/learn.ts';
import { openSims } from '../families/co-occurrence/model.ts';
import { type Hyperparameter, type Recipe, usualDatasets } from './recipe.ts';

const number = (
  kind: 'integer' | 'continuous',
  name: string,
  min: number,
  max: number,
  tunable: boolean,
  value?: number,
): Hyperparameter => ({ kind, name, min, max, tunable, ...(value === undefined ? {} : { default: value }) });

/** The API's own bound of integers stands for what the guide leaves open. */
const unbounded = 1_000_000;

/**
 * Today's settings, then those of the 2019 guide, which have no default: they take part where they are given (spec
 * recipes.md §5.3).
 */
const algorithmHyperParameters: readonly Hyperparameter[] = [
  number('continuous', 'popularity_discount_factor', 0, 1, true, 0.5),
  number('integer', 'min_cointeraction_count', 0, 10, true, 3),
  number('continuous', 'alpha', 0, 1, true),
  number('integer', 'copurchase_delta', 0, unbounded, false),
  number('integer', 'min_copurchase_count', 0, unbounded, false),
  number('continuous', 'exponentiation_parameter', 0, 1, false),
  number('integer', 'epsilon_smoothing', 0, unbounded, false),
  number('integer', 'history_decay_fast_half_life', 0, unbounded, true),
  number('integer', 'history_decay_slow_half_life', 0, unbounded, true),
  number('integer', 'in_order_decay_fast_half_life', 0, unbounded, true),
  number('integer', 'in_order_decay_slow_half_life', 0, unbounded, true),
  number('integer', 'out_of_order_decay_fast_half_life', 0, unbounded, true),
  number('integer', 'out_of_order_decay_slow_half_life', 1, unbounded, true),
  number('integer', 'top_n', 1, unbounded, false),
];

/** Items that the same users interacted with (spec recipes.md §2.6). */
export const sims: Recipe = {
  name: 'aws-sims',
  recipeType: 'RELATED_ITEMS',
  description: 'Recommends items that the same users interacted with as with a given item.',
  featureTransformation: 'sims',
  algorithmHyperParameters,
  featureTransformationParameters: [
    number('continuous', 'min_user_history_length_percentile', 0, 1, false, 0.005),
    number('continuous', 'max_user_history_length_percentile', 0, 1, false, 0.995),
    number('continuous', 'min_item_interaction_count_percentile', 0, 1, false, 0.01),
    number('continuous', 'max_item_interaction_count_percentile', 0, 1, false, 0.9),
  ],
  publishedAt: Date.UTC(2019, 5, 10),
  datasets: usualDatasets,
  usesHistory: false,
  learn: learnSims,
  open: async (content) => openSims(content),
};
