import { subProgress } from '../../../util/progress.ts';
import { type Histories, interactedItems, interactionCount, userCount } from '../../histories/histories.ts';
import { float32Tensor } from '../../model/model-content.ts';
import type { LearnedModel, LearningTask } from '../../recipes/recipe.ts';
import { weightingOf } from '../../training/event-weights.ts';
import { assembleTransformer } from './assemble-transformer.ts';
import { blendFeatures, chooseBlend } from './choose-blend.ts';
import { type Configuration, configurationFor } from './encoder/architecture.ts';
import { isWeight } from './encoder/encoder-weights.ts';
import { forwardGraphs } from './encoder/forward.ts';
import { itemTable, joinedTable, ownRows } from './encoder/item-vectors.ts';
import { signalsOf } from './signals/item-signals.ts';
import { holdOut } from './training/holdout.ts';
import { type EncoderOutcome, type Parameters, stepsOf, trainEncoder } from './training/train-encoder.ts';

/**
 * Passes that suffice to take in what was held out, or more users: at most a share of the first ones, at a part of
 * their peak rate.
 */
const warmStart = { epochs: 2, share: 0.2, rate: 0.1 };

/** What goes into a model beside the item-item signals of all users. */
type Start = { readonly parameters: Parameters; readonly constants: Readonly<Record<string, number>> };

/**
 * A transformer over the interactions, and how far to trust it. From scratch: the encoder and the signals from all but
 * the newest interaction of some users, by which the best moment of the training and the blend are chosen; then a few
 * passes with all. With a warm start from what was learned (from a part of these users, over the same items): the few
 * passes alone.
 */
export async function learnTransformer(task: LearningTask, configurationOf = configurationFor): Promise<LearnedModel> {
  const { histories, itemCount, itemFeatures, userFeatures, seed, progress } = task;
  const weightOf = weightingOf(histories.columns, task.eventWeights);
  const configuration = configurationOf(histories, itemCount);
  const further = furtherConfiguration(configuration);
  const begun = task.warmStart
    ? 0
    : configuration.optimiserSettings.epochs /
      (configuration.optimiserSettings.epochs + further.optimiserSettings.epochs);
  const start = task.warmStart
    ? startFrom(task.warmStart, task)
    : await startFromScratch({ ...task, progress: subProgress(progress, 0, begun) }, configuration);
  const encoder = await trainEncoder(
    {
      histories,
      itemCount: trainedItems(task),
      itemFeatures,
      userFeatures,
      seed,
      provider: task.provider,
      weightOf,
      from: start.parameters,
      configuration: further,
      kept: keptAs(task, task.warmStart ? 'encoder-3' : 'encoder-2'),
      progress: subProgress(progress, begun, 1),
    },
    [],
  );
  progress.report(1, 'counting which items follow and accompany which');
  const signals = await signalsOf(histories, itemCount, progress.signal);
  const knowledge = {
    encoder: {
      ...encoder.tensors,
      [itemTable]: {
        shape: [itemCount, configuration.architecture.width],
        data: joinedTable(dataOf(encoder), itemFeatures, itemCount),
      },
    },
    itemEncoder: itemFeatures?.encoder,
    constants: start.constants,
    graphs: forwardGraphs(configuration.architecture, histories.columns, userFeatures?.width),
  };
  return assembleTransformer(task, knowledge, signals);
}

function startFrom(trained: LearnedModel, task: LearningTask): Start {
  const parameters = Object.fromEntries(
    Object.keys(trained.tensors)
      .filter(isWeight)
      .map((name) => [name, float32Tensor(trained, name)]),
  );
  const table = ownRows(parameters, task.itemFeatures, trainedItems(task));
  return { parameters: { ...parameters, [itemTable]: table }, constants: trained.constants };
}

async function startFromScratch(task: LearningTask, configuration: Configuration): Promise<Start> {
  const { histories, itemCount, itemFeatures, userFeatures, parameters, seed, progress } = task;
  const weightOf = weightingOf(histories.columns, task.eventWeights);
  const { training, examples } = holdOut(histories, seed, weightOf);
  const trainedEncoder = await trainEncoder(
    {
      histories: training,
      itemCount: trainedItems(task),
      itemFeatures,
      userFeatures,
      configuration,
      seed,
      weightOf,
      provider: task.provider,
      kept: keptAs(task, 'encoder-1'),
      onPace: (secondsAStep) => progress.report(0, estimateOf(training, configuration, secondsAStep), {}),
      progress,
    },
    examples,
  );
  const encoder = dataOf(trainedEncoder);
  progress.report(1, 'counting which items follow and accompany which');
  const blend = chooseBlend({
    histories: training,
    itemCount,
    examples,
    vectors: trainedEncoder.vectors,
    weightOf,
    seed,
    itemVectors: joinedTable(encoder, itemFeatures, itemCount),
    signals: await signalsOf(training, itemCount, progress.signal),
    recency: parameters.flag('apply_recency_bias'),
  });
  return {
    parameters: encoder,
    constants: {
      ...Object.fromEntries(blendFeatures.map((part, n) => [`${part}_weight`, blend.weights[n]])),
      ...(Number.isFinite(blend.halfLifeDays) && { half_life_days: blend.halfLifeDays }),
    },
  };
}

/** How a warm start from a model learns under a configuration. */
const furtherConfiguration = ({ architecture, optimiserSettings }: Configuration): Configuration => ({
  architecture,
  optimiserSettings: {
    ...optimiserSettings,
    epochs: Math.min(warmStart.epochs, warmStart.share * optimiserSettings.epochs),
    peakRate: warmStart.rate * optimiserSettings.peakRate,
  },
});

/** What is kept of a training that is cut short: of its three runs of the encoder, each under its name. */
const keptAs = ({ checkpoints }: LearningTask, name: string) => checkpoints && { checkpoints, name };

/**
 * A line for the log. A training learns from scratch once, and is continued twice: with all interactions, and with all
 * users.
 */
function estimateOf(histories: Histories, configuration: Configuration, secondsAStep: number): string {
  const further = furtherConfiguration(configuration);
  const steps = stepsOf(histories, configuration).total + 2 * stepsOf(histories, further).total;
  const size = `${interactionCount(histories)} interactions of ${userCount(histories)} users`;
  const passes = `${configuration.optimiserSettings.epochs.toFixed(1)} passes over ${size}, then ${further.optimiserSettings.epochs.toFixed(1)} twice`;
  return `The encoder takes about ${durationOf(secondsAStep * steps)} to train, unless it stops early: ${passes}.`;
}

const durationOf = (seconds: number) =>
  seconds < 90 ? `${Math.ceil(seconds)} seconds` : `${Math.ceil(seconds / 60)} minutes`;

/** Items without interactions have no row of their own where they have features. */
const trainedItems = ({ histories, itemCount, itemFeatures }: LearningTask) =>
  itemFeatures === undefined ? itemCount : interactedItems(histories, itemCount);

const dataOf = ({ tensors }: EncoderOutcome): Parameters =>
  Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, data]));
