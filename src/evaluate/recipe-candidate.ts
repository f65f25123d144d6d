import { subjectOf } from '../learn/model/item-model.ts';
import { resolveParameters } from '../learn/recipes/parameters.ts';
import type { ItemRecipe } from '../learn/recipes/recipe-types.ts';
import { TrainingError } from '../learn/training/training.ts';
import type { CandidateModel } from './candidate-model.ts';

/** A recipe with its default settings, learning and answering as it does in the service. */
export const recipeCandidate = (recipe: ItemRecipe): CandidateModel => ({
  name: recipe.name,
  kind: 'recipe',
  seeded: true,
  async fit({ training, items, itemFeatures, userFeatures, seed, provider, progress }) {
    try {
      const parameters = resolveParameters(recipe, {});
      // Users who are asked about are known by what their metadata says, if there is any.
      const features = { itemFeatures, userFeatures, forUsers: userFeatures !== undefined };
      const task = { histories: training, itemCount: items.size, ...features, parameters, seed, provider, progress };
      const learned = await recipe.learn(task);
      const model = await recipe.open({ learned, items });
      return {
        rank: (queries, count) =>
          Promise.all(
            queries.map(async ({ input, eligible }) => {
              const ranked = await model.recommend({ ...subjectOf(input), count, eligible, orderOnly: true });
              return ranked.items;
            }),
          ),
      };
    } catch (error) {
      if (error instanceof TrainingError) return { skipped: error.message };
      throw error;
    }
  },
});
