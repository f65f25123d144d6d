import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectStore } from '../../data/objects/object-store.ts';
import { localModel } from '../../learn/model/stored-model.ts';
import type { KeptCheckpoints, TrainingRequest } from '../../learn/training/training.ts';
import type { Progress } from '../../util/progress.ts';
import type { Context } from '../context.ts';
import type { Job } from '../jobs/job.ts';
import { getRecipe } from '../recipes/recipe.ts';
import type { Transaction } from '../resources/transaction.ts';
import { trainedEvents } from '../solutions/events-config.ts';
import type { SolutionVersion } from '../solutions/solution-version-kind.ts';
import { withTrainedColumns } from '../solutions/training-columns.ts';
import type { DataState } from './data-state.ts';
import { takeTrainingInputs } from './training-inputs.ts';

/** A job that makes a model of a version's settings and of what its dataset group holds. */
export type ModelTask = {
  readonly context: Context;
  readonly job: Job;
  readonly progress: Progress;
  readonly version: SolutionVersion;
  /** Prefix of the model in the store, ending in `/`. */
  readonly target: string;
  /** That of a model which is brought up to date; without, one is learned anew. */
  readonly before?: string | undefined;
  readonly checkpoints?: KeptCheckpoints;
  /** Writes down, before any data is taken, up to which record of the log the model sees the events. */
  remember(tx: Transaction, watermark: number): Promise<void>;
};

export type MadeModel = {
  readonly metrics: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** What the data was when it was taken. */
  readonly state: DataState;
};

/** Makes a model and puts it into the store, `model.json` last. @throws what makes a training fail, or the signal's reason */
export async function makeModel(making: ModelTask): Promise<MadeModel> {
  const { context, job, progress, version, target, before, checkpoints, remember } = making;
  const { store, settings } = context;
  const folder = join(context.workFolder, `training-${job.id}-${job.attempt}`);
  try {
    const modelFolder = join(folder, 'model');
    const scratch = join(folder, 'work');
    await mkdir(scratch, { recursive: true });
    progress.report(0, 'fetching the data');
    const { inputs, state } = await takeTrainingInputs({
      ...{ context, job, folder: join(folder, 'data'), signal: progress.signal, remember },
      datasetGroupArn: version.document.datasetGroupArn,
      datasets: getRecipe(version.document.recipeArn).datasets,
    });
    await using base = before === undefined ? undefined : await localModel(store, before);
    const { quotas: limits, seed, textEncoder, provider } = settings;
    const request = {
      ...requestFor(version),
      ...withTrainedColumns(inputs, version.document),
      ...{ limits, seed, textEncoder, provider, modelFolder, workFolder: scratch, modelToUpdate: base?.path },
    };
    const { metrics, seconds } = await context.train(request, progress, checkpoints);
    progress.report(1, 'storing the model');
    await storeModel(store, modelFolder, target);
    return { metrics, seconds, state };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function requestFor({
  document,
}: SolutionVersion): Pick<TrainingRequest, 'recipe' | 'parameters' | 'eventType' | 'eventValueThreshold' | 'events'> {
  const { algorithmHyperParameters, featureTransformationParameters, eventValueThreshold, eventsConfig } =
    document.solutionConfig ?? {};
  return {
    recipe: getRecipe(document.recipeArn).name,
    parameters: { ...algorithmHyperParameters, ...featureTransformationParameters },
    eventType: document.eventType,
    eventValueThreshold: eventValueThreshold === undefined ? undefined : Number(eventValueThreshold),
    events: trainedEvents(eventsConfig),
  };
}

/** `model.json` tells that a model is whole, and therefore comes last. */
async function storeModel(store: ObjectStore, folder: string, prefix: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const isLast = (path: string) => path === join(folder, 'model.json');
  for (const path of [...names.filter((name) => !isLast(name)), ...names.filter(isLast)]) {
    await store.adopt(prefix + path.slice(folder.length + 1).replaceAll('\\', '/'), path);
  }
}
