import { ofEventType } from '../learn/histories/event-types.ts';
import { type Histories, interactionCount } from '../learn/histories/histories.ts';
import { subjectOf } from '../learn/model/item-model.ts';
import { resolveParameters } from '../learn/recipes/parameters.ts';
import type { LearningTask, Recipe } from '../learn/recipes/recipe.ts';
import type { ItemRecipe } from '../learn/recipes/recipe-types.ts';
import { TrainingError } from '../learn/training/training.ts';
import type { CandidateModel, FitTask, Skipped } from './candidate-model.ts';
import { metadataOf } from './readers/item-records.ts';

/** A recipe with its default settings, learning and answering as it does in the service. */
export const recipeCandidate = (recipe: ItemRecipe): CandidateModel => ({
  name: recipe.name,
  kind: 'recipe',
  seeded: true,
  fit: (task) =>
    orSkipped(async () => {
      const learned = await recipe.learn(learningTask(recipe, task));
      const model = await recipe.open({ learned, items: task.items });
      return {
        rank: (queries, count) =>
          Promise.all(
            queries.map(async ({ input, eligible }) => {
              const ranked = await model.recommend({ ...subjectOf(input), count, eligible, orderOnly: true });
              return ranked.items;
            }),
          ),
      };
    }),
});

/** What a recipe learns from, with its default settings. */
export function learningTask(
  recipe: Recipe,
  { training, items, itemFeatures, userFeatures, itemRecords, encodeTexts, seed, provider, progress }: FitTask,
): LearningTask {
  return {
    histories: eventsOf(recipe, training),
    itemCount: items.size,
    ...(recipe.usesMetadata && { itemFeatures, userFeatures }),
    itemMetadata: recipe.itemColumn && itemRecords && metadataOf(itemRecords, recipe.itemColumn),
    encodeTexts,
    // Users who are asked about are known by what their metadata says, if there is any.
    forUsers: userFeatures !== undefined,
    parameters: resolveParameters(recipe, {}),
    seed,
    provider,
    progress,
  };
}

/** Use cases of recommenders learn from the events that their pages name. */
function eventsOf({ useCase }: Recipe, training: Histories): Histories {
  const { trainsOn, learnsFromOthers } = useCase ?? {};
  if (trainsOn === undefined || learnsFromOthers) return training;
  const events = ofEventType(training, trainsOn);
  if (interactionCount(events) === 0) throw new TrainingError(`it learns from events of type ${trainsOn} alone`);
  return events;
}

/** A recipe that cannot learn from the data takes no part. */
export async function orSkipped<Fitted>(learn: () => Promise<Fitted>): Promise<Fitted | Skipped> {
  try {
    return await learn();
  } catch (error) {
    if (error instanceof TrainingError) return { skipped: error.message.replace(/\.$/, '') };
    throw error;
  }
}
