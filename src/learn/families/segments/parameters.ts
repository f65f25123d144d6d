import type { RecipeFacts } from '../../recipes/recipe.ts';

/** What the two recipes of segments have in common (spec recipes.md §3). */
export const segmentParameters = {
  algorithmHyperParameters: [
    { name: 'hidden_dimension', kind: 'integer', default: 149, min: 32, max: 256, tunable: false },
  ],
  featureTransformationParameters: [],
} as const satisfies Partial<RecipeFacts>;
