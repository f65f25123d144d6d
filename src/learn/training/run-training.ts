import type { FilePath } from '../../data/encryption/file-path.ts';
import { digestOf } from '../../util/digest.ts';
import { type Progress, type ReportFraction, subProgress } from '../../util/progress.ts';
import type { Metadata } from '../features/column.ts';
import { selectRows } from '../features/learn-features.ts';
import { writeModelFolder } from '../model/model-folder.ts';
import { findRecipeByName } from '../recipes/catalogue.ts';
import { resolveParameters } from '../recipes/parameters.ts';
import type { LearnedModel, Recipe } from '../recipes/recipe.ts';
import { evaluationOf } from '../recipes/recipe-types.ts';
import { encodeTexts } from '../training-set/texts.ts';
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
 * model over the last tenth (or as the recipe's evaluation has it), continues with all users, and writes the model into
 * `folder`, which is empty. The metrics are those of the model that has not seen what is held out; the one that is
 * written has. What
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
  using trainingSet = await buildTrainingSet(
    request,
    subProgress(progress, stage.trainingSet, stage.firstModel),
    recipe,
  );
  const { users, items, histories, itemFeatures, userFeatures, itemMetadata, actions } = trainingSet;
  const eventWeights = request.events && relativeWeights(request.events);
  const plan = evaluationOf(recipe)({
    histories,
    itemCount: items.size,
    userFeatures,
    actions,
    parameters,
    eventWeights,
    seed,
  });
  const read = { users, items, histories, itemFeatures, userFeatures, ...(actions && { actions }) };
  const checkpoints = files && {
    ...files,
    training: digestOf(recipe.name, request.parameters, seed, eventWeights, read, plan.histories.ends),
  };
  const task = {
    itemCount: items.size,
    itemFeatures,
    itemMetadata,
    encodeTexts: (metadata: Metadata, report: ReportFraction) => encodeTexts(metadata, request, report),
    parameters,
    seed,
    provider,
    eventWeights,
    checkpoints,
  };
  const { metrics, learned } = plan.histories === histories ? await measureServed() : await measureFirst();
  progress.report(stage.writing, 'writing the model');
  const counts = { users: users.size, items: items.size, interactions: histories.items.length };
  await writeModelFolder(
    folder,
    { learned, items, ...(recipe.usesHistory && { users }), ...(actions && { actions: actions.actions }) },
    { recipe: recipe.name, parameters: request.parameters, seed, counts, metrics },
  );
  progress.report(1, 'done');
  return metrics;

  /** Nothing is held out of what is learned. */
  async function measureServed(): Promise<Trained> {
    const learned = await learnServed(stage.firstModel, stage.evaluation);
    return { learned, metrics: await measure(learned) };
  }

  /** The model that is measured, and the one that is served, which starts from a part of it; the rest is dropped. */
  async function measureFirst(): Promise<Trained> {
    const { metrics, warmStart } = await learnFirst();
    return { metrics, learned: await learnServed(stage.servedModel, stage.writing, warmStart) };
  }

  function learnServed(from: number, to: number, warmStart?: LearnedModel): Promise<LearnedModel> {
    const served = { histories, userFeatures, actions, forUsers: true, ...(warmStart && { warmStart }) };
    return recipe.learn({ ...task, ...served, progress: subProgress(progress, from, to) });
  }

  async function learnFirst(): Promise<Pick<Trained, 'metrics'> & { readonly warmStart: LearnedModel }> {
    const first = await recipe.learn({
      ...task,
      histories: plan.histories,
      userFeatures: userFeatures && selectRows(userFeatures, plan.users),
      actions: plan.actions,
      progress: subProgress(progress, stage.firstModel, stage.evaluation),
    });
    const metrics = await measure(first);
    const needed = Object.entries(first.tensors).filter(([name]) => recipe.warmStartTensors?.(name));
    return { metrics, warmStart: { ...first, tensors: Object.fromEntries(needed) } };
  }

  async function measure(learned: LearnedModel): Promise<Record<string, number>> {
    const model = await recipe.open({ learned, items, ...(actions && { actions: actions.actions }) });
    const { report } = subProgress(progress, stage.evaluation, stage.servedModel);
    report(0, plan.sentence, {});
    return await plan.measure(model, (fraction) => report(fraction, 'evaluating'));
  }
}

/** The served model, and the metrics of the measured one. */
type Trained = { readonly learned: LearnedModel; readonly metrics: Record<string, number> };

function recipeOf(request: { readonly recipe: string }): Recipe {
  const recipe = findRecipeByName(request.recipe);
  if (recipe === undefined) throw new TrainingError(`There is no recipe ${request.recipe}.`);
  return recipe;
}
