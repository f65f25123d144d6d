import { transformerRecipe } from '../families/transformer/recipe.ts';
import type { Recipe } from './recipe.ts';

/** The items that a user is likely to interact with next, by a transformer (spec recipes.md §2.1). */
export const userPersonalizationV2: Recipe = {
  name: 'aws-user-personalization-v2',
  recipeType: 'USER_PERSONALIZATION',
  description:
    'Recommends the items that a user is most likely to interact with next, from the order of all users’ interactions.',
  featureTransformation: 'aws-user-personalization-v2',
  // Spec recipes.md §2.1 has items of the last 30 days, and says a thousandth of results; here it is a hundredth,
  // as a server of one's own has fewer requests by which to find out about items.
  managedExploration: { rate: 0.01, itemAgeDays: 30 },
  ...transformerRecipe,
  update: async (task) => (await import('../families/transformer/update.ts')).updateTransformer(task),
};
