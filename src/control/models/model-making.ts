import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { filePath, passingKey, pathOf } from '../../data/encryption/file-path.ts';
import { type GroupKey, prefixKey } from '../../data/encryption/group-key.ts';
import type { ObjectStore } from '../../data/objects/object-store.ts';
import { localModel } from '../../learn/model/stored-model.ts';
import type { KeptCheckpoints } from '../../learn/training/training.ts';
import type { Progress } from '../../util/progress.ts';
import type { Context } from '../context.ts';
import type { Job } from '../jobs/job.ts';
import { changeResource } from '../resources/resource-store.ts';
import type { Transaction } from '../resources/transaction.ts';
import type { DataState } from './data-state.ts';
import { takeTrainingInputs } from './training-inputs.ts';

/** A job that makes a model of its resource's plan and of what the dataset group holds. */
export type ModelTask = {
  readonly context: Context;
  readonly job: Job;
  readonly progress: Progress;
  /**
   * Whose plan the model follows, where the owner is not the job's resource: the model is not to be the owner's, which
   * is left as it is.
   */
  readonly ownerArn?: string | undefined;
  /** Prefix of the model in the store, ending in `/`. */
  readonly target: string;
  /** Seals the model: `target` says so, too. */
  readonly sealing?: GroupKey | undefined;
  /** That of a model which is brought up to date; without, one is trained. */
  readonly modelToUpdate?: string | undefined;
  readonly checkpoints?: KeptCheckpoints;
};

export type MadeModel = {
  readonly metrics: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** Up to which position of the record log the model has seen the events. */
  readonly watermark: number;
  /** What the data was when it was taken. */
  readonly state: DataState;
};

/**
 * Makes a model and puts it into the store, `model.json` last.
 *
 * @throws what makes a training fail, or the signal's reason
 */
export async function makeModel(task: ModelTask): Promise<MadeModel> {
  const { context, job, progress, ownerArn = job.resourceArn, target, sealing, modelToUpdate, checkpoints } = task;
  const { store, settings, database, owners } = context;
  const { datasetGroupArn, recipe, trainedColumns, ...plan } = (await owners.models.get(database, ownerArn)).plan;
  const folder = join(context.workFolder, `training-${job.id}-${job.attempt}`);
  try {
    const modelFolder = join(folder, 'model');
    const scratch = filePath(join(folder, 'work'), sealing && passingKey());
    await mkdir(pathOf(scratch), { recursive: true });
    progress.report(0, 'fetching the data');
    const { inputs, state, watermark } = await takeTrainingInputs({
      context,
      job,
      folder: join(folder, 'data'),
      signal: progress.signal,
      datasetGroupArn,
      datasets: recipe.datasets,
      isSealed: sealing !== undefined,
      ...(ownerArn === job.resourceArn && {
        noteWatermark: (tx, position) => noteWatermark(context, tx, job, position),
      }),
    });
    await using base = modelToUpdate === undefined ? undefined : await localModel(store, modelToUpdate);
    const { quotas: limits, seed, textEncoder, provider } = settings;
    const request = {
      recipe: recipe.name,
      ...plan,
      ...trainedColumns(inputs),
      limits,
      seed,
      textEncoder,
      provider,
      modelFolder: filePath(modelFolder, sealing && prefixKey(sealing, target)),
      workFolder: scratch,
      modelToUpdate: base && filePath(base.path, base.key),
    };
    const { metrics, seconds } = await context.train(request, progress, checkpoints);
    progress.report(1, 'storing the model');
    await storeModel(store, modelFolder, target);
    return { metrics, seconds, watermark, state };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Notes in the owner's document up to which position of the record log a model that is being made sees the events, or
 * that none is being made any more: no compaction writes a file across it.
 */
export async function noteWatermark(
  { owners }: Pick<Context, 'owners'>,
  tx: Transaction,
  { resourceArn }: Job,
  pendingWatermark: number | undefined,
): Promise<void> {
  const { owner } = await owners.models.get(tx.db, resourceArn);
  await changeResource(tx, owner, { document: { pendingWatermark } });
}

/** `model.json` shows that a model is whole, and therefore comes last. */
export async function storeModel(store: ObjectStore, folder: string, prefix: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const isLast = (path: string) => path === join(folder, 'model.json');
  for (const path of [...names.filter((name) => !isLast(name)), ...names.filter(isLast)]) {
    await store.adopt(prefix + path.slice(folder.length + 1).replaceAll('\\', '/'), path);
  }
}
