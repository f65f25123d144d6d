import type { FilePath } from '../../data/encryption/file-path.ts';
import { digestOf } from '../../util/digest.ts';
import { type Progress, subProgress } from '../../util/progress.ts';
import { selectRows } from '../features/learn-features.ts';
import { allUsers } from '../histories/histories.ts';
import { splitUsers } from '../metrics/split.ts';
import { writeModelFolder } from '../model/model-folder.ts';
import { findRecipeByName } from '../recipes/catalogue.ts';
import { resolveParameters } from '../recipes/parameters.ts';
import type { LearnedModel, Recipe } from '../recipes/recipe.ts';
import { recipeTypes } from '../recipes/recipe-types.ts';
import { buildTrainingSet } from '../training-set/training-set.ts';
import type { CheckpointFiles } from './checkpoints.ts';
import { relativeWeights } from './event-weights.ts';
import { TrainingError, type TrainingRequest } from './training.ts';

/**
 * Which part of the whole each stage is, by how far the stages before it have come: about what much data comes to. The
 * training set is less than anything is predicted from (`RemainingTime`): how long it takes says nothing about how long
 * recipes learn.
 */
const stage = { trainingSet: 0, firstModel: 0.019, evaluation: 0.85, servedModel: 0.9, writing: 0.99 } as const;

/**
 * The whole training, in this process: builds the training set, learns from nine tenths of the users, measures the
 * model over the last tenth (`planMetrics`), continues with all users, and writes the model into `folder`, which
 * is empty. The metrics are those of the model that has not seen what is held out; the one that is written has. What
 * recipes kept in the checkpoint files of an earlier attempt is resumed; the model is the same as if there had
 * been one attempt.
 *
 * @returns the metrics
 * @throws TrainingError if the data does not suffice
 */
export async function runTraining(
  request: Omit<TrainingRequest, 'modelFolder'>,
  folder: FilePath,
  progress: Progress,
  files?: CheckpointFiles,
  recipe = recipeOf(request),
): Promise<Record<string, number>> {
  const parameters = resolveParameters(recipe, request.parameters);
  const { seed, provider } = request;
  const trainingSet = await buildTrainingSet(
    request,
    subProgress(progress, stage.trainingSet, stage.firstModel),
    recipe.usesMetadata ?? false,
  );
  const { users, items, histories, itemFeatures, userFeatures } = trainingSet;
  const { evaluation } = recipeTypes[recipe.recipeType];
  const plan = evaluation.plan(histories, splitUsers(histories, allUsers(histories), seed), items.size);
  const eventWeights = request.events && relativeWeights(request.events);
  const checkpoints = files && {
    ...files,
    training: digestOf(recipe.name, request.parameters, seed, eventWeights, trainingSet, plan.histories.ends),
  };
  const task = { itemCount: items.size, itemFeatures, parameters, seed, provider, eventWeights, checkpoints };
  const { metrics, warmStart } = await learnFirst();
  const learned = await recipe.learn({
    ...task,
    histories,
    userFeatures,
    warmStart,
    forUsers: true,
    progress: subProgress(progress, stage.servedModel, stage.writing),
  });
  progress.report(stage.writing, 'writing the model');
  const counts = { users: users.size, items: items.size, interactions: histories.items.length };
  await writeModelFolder(
    folder,
    { learned, items, ...(recipe.usesHistory && { users }) },
    { recipe: recipe.name, parameters: request.parameters, seed, counts, metrics },
  );
  progress.report(1, 'done');
  return metrics;

  /** The model that is measured, and the part that the served one starts from; the rest is dropped. */
  async function learnFirst(): Promise<{ readonly metrics: Record<string, number>; readonly warmStart: LearnedModel }> {
    const first = await recipe.learn({
      ...task,
      histories: plan.histories,
      userFeatures: userFeatures && selectRows(userFeatures, plan.users),
      progress: subProgress(progress, stage.firstModel, stage.evaluation),
    });
    const model = await recipe.open({ learned: first, items });
    const { report } = subProgress(progress, stage.evaluation, stage.servedModel);
    report(0, plan.sentence, {});
    const measured = { histories, plan, itemCount: items.size, eventWeights };
    const metrics = await evaluation.measure(model, measured, (fraction) => report(fraction, 'evaluating'));
    const needed = Object.entries(first.tensors).filter(([name]) => recipe.warmStartTensors?.(name));
    return { metrics, warmStart: { ...first, tensors: Object.fromEntries(needed) } };
  }
}

function recipeOf(request: { readonly recipe: string }): Recipe {
  const recipe = findRecipeByName(request.recipe);
  if (recipe === undefined) throw new TrainingError(`There is no recipe ${request.recipe}.`);
  return recipe;
}
