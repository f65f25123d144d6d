import type { RecipeFacts } from '../../recipes/recipe.ts';

/** What user-personalization and personalized-ranking have in common (spec recipes.md §2.2, 2.3). */
export const collaborativeParameters = {
  algorithmHyperParameters: [
    { name: 'hidden_dimension', kind: 'integer', default: 149, min: 32, max: 256, tunable: true },
    { name: 'bptt', kind: 'integer', default: 32, min: 2, max: 32, tunable: true },
    { name: 'recency_mask', kind: 'categorical', default: 'True', values: ['True', 'False'], tunable: true },
  ],
  featureTransformationParameters: [
    { name: 'min_user_history_length_percentile', kind: 'continuous', default: 0, min: 0, max: 1, tunable: false },
    { name: 'max_user_history_length_percentile', kind: 'continuous', default: 0.99, min: 0, max: 1, tunable: false },
  ],
} as const satisfies Partial<RecipeFacts>;
