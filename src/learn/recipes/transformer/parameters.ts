import type { RecipeFacts } from '../../recipe.ts';

/** What user-personalization-v2 and personalized-ranking-v2 have in common (spec recipes.md §2.1, 2.4). */
export const transformerParameters = {
  algorithmHyperParameters: [
    { name: 'apply_recency_bias', kind: 'categorical', default: 'true', values: ['true', 'false'], tunable: false },
  ],
  featureTransformationParameters: [],
} as const satisfies Partial<RecipeFacts>;
