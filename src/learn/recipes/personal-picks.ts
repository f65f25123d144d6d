import { transformerRecipe } from '../families/transformer/recipe.ts';
import { type RecipeOf, usualDatasets } from './recipe.ts';
import { useCaseFacts } from './use-case.ts';

/** As aws-user-personalization-v2 learns, updates and answers; exploration is as a recommender says. */
const personalPicks = {
  ...useCaseFacts,
  recipeType: 'USER_PERSONALIZATION',
  exploration: { explorationWeight: '0.3', explorationItemAgeCutOff: '30.0' },
  algorithmHyperParameters: transformerRecipe.algorithmHyperParameters,
  datasets: usualDatasets,
  usesHistory: true,
  usesMetadata: true,
  warmStartTensors: transformerRecipe.warmStartTensors,
  learn: transformerRecipe.learn,
  open: transformerRecipe.open,
  update: async (task) => (await import('../families/transformer/update.ts')).updateTransformer(task),
} as const satisfies Partial<RecipeOf<'USER_PERSONALIZATION'>>;

/** The items that a customer is likely to come to next (spec domains.md §2.1). */
export const recommendedForYou: RecipeOf<'USER_PERSONALIZATION'> = {
  ...personalPicks,
  name: 'aws-ecomm-recommended-for-you',
  domain: 'ECOMMERCE',
  description: 'Recommends the items that suit a customer.',
  useCase: { requiredIds: ['userId'], leavesOut: 'Purchase', takesContext: true },
};

/** The videos that a user is likely to come to next (spec domains.md §2.2). */
export const topPicks: RecipeOf<'USER_PERSONALIZATION'> = {
  ...personalPicks,
  name: 'aws-vod-top-picks',
  domain: 'VIDEO_ON_DEMAND',
  description: 'Recommends the videos that suit a user.',
  useCase: { requiredIds: ['userId'], leavesOut: 'Watch', takesContext: true },
};
