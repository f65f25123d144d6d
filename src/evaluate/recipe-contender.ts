import { resolveParameters } from '../learn/recipes/parameters.ts';
import type { Recipe } from '../learn/recipes/recipe.ts';
import { TrainingError } from '../learn/training/training.ts';
import type { Contender } from './contender.ts';

/** A recipe with its default settings, learning and answering as it does in the service. */
export const recipeContender = (recipe: Recipe): Contender => ({
  name: recipe.name,
  kind: 'recipe',
  seeded: true,
  async fit({ training, items, itemFeatures, userFeatures, seed, provider, watch }) {
    try {
      const parameters = resolveParameters(recipe, {});
      // Users who are asked about are known by what their metadata says, if there is any.
      const features = { itemFeatures, userFeatures, forUsers: userFeatures !== undefined };
      const task = { histories: training, itemCount: items.size, ...features, parameters, seed, provider, watch };
      const learned = await recipe.learn(task);
      const model = await recipe.open({ learned, items });
      return {
        rank: (queries, count) =>
          Promise.all(queries.map(({ input, excluded }) => model.recommendTo(input, count, excluded))),
      };
    } catch (error) {
      if (error instanceof TrainingError) return { absent: error.message };
      throw error;
    }
  },
});
