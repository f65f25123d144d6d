import { randomUUID } from 'node:crypto';
import { type GroupKey, sealedPrefix } from '../../data/encryption/group-key.ts';
import { beginWriting, forgetUnreferenced, noteUnreferenced } from '../../data/objects/unreferenced-objects.ts';
import type { KeptCheckpoints } from '../../learn/training/training.ts';
import type { Context } from '../context.ts';
import type { Job, JobHandler } from '../jobs/job.ts';
import { resourceOf } from '../jobs/job-resource.ts';
import type { Kind, ResourceOf } from '../resources/kind.ts';
import type { Queryable } from '../resources/resource-store.ts';
import type { Transaction } from '../resources/transaction.ts';
import { makeModel, noteWatermark } from './model-making.ts';
import type { ModelDocument } from './model-owner.ts';
import { modelSealing } from './model-sealing.ts';
import { beginAttempt, checkpointPrefix } from './training-checkpoints.ts';

/** What the document of an owner has of its model once it is trained. */
export type TrainedModel = Omit<ModelDocument, 'prefix' | 'failureReason' | 'latestUpdate'>;

/** How a training changes the resource that owns the model. */
export type TrainingLife<K extends Kind<ModelDocument>> = {
  readonly kind: K;
  /** Shows that the training has begun; again with each attempt. */
  begin(tx: Transaction, owner: ResourceOf<K>): Promise<void>;
  /** Puts the model into the owner's document, or refuses it. @returns whether the model is kept */
  finish(tx: Transaction, owner: ResourceOf<K>, trained: TrainedModel): Promise<boolean>;
  /** Shows that the training has ended without a model: it failed for a reason, or was called off. */
  end(tx: Transaction, owner: ResourceOf<K>, failureReason?: string): Promise<void>;
  /** Prefix of a model that is brought up to date instead of a training. */
  modelToUpdate?(db: Queryable, owner: ResourceOf<K>): Promise<string | undefined>;
};

/**
 * Trains the model of an owner on its dataset group's data, resuming an attempt that was interrupted. What is written
 * is removed when the job has ended, except the model. A model that the owner has had stays until the one after the
 * next, as deployments may still serve it.
 */
export function modelTraining<K extends Kind<ModelDocument>>(context: Context, life: TrainingLife<K>): JobHandler {
  const { store, database } = context;
  const begin = async (tx: Transaction, job: Job, sealing: GroupKey | undefined) => {
    const owner = await resourceOf(tx, life.kind, job);
    const { prefix } = owner.document;
    const target = sealedPrefix(`${prefix}${randomUUID()}/`, sealing);
    await beginWriting(tx.db, [target, checkpointPrefix(prefix)], tx.now, job.id);
    await life.begin(tx, owner);
    return { owner, prefix, target };
  };
  const end = async (tx: Transaction, job: Job, failureReason?: string) => {
    // An owner that was deleted while it was trained again leaves nothing to settle.
    if (!(await context.owners.models.find(tx.db, job.resourceArn))) return;
    await noteWatermark(context, tx, job, undefined);
    await life.end(tx, await resourceOf(tx, life.kind, job), failureReason);
  };
  return {
    async run(job, progress) {
      const sealing = await modelSealing(context, job.resourceArn);
      const { owner, prefix, target } = await job.transaction((tx) => begin(tx, job, sealing));
      await using attempt = await beginAttempt(store, { prefix, sealing }, () => performance.now());
      try {
        const modelToUpdate = await life.modelToUpdate?.(database, owner);
        const checkpoints = noted(job, attempt.checkpoints);
        const task = { context, job, progress, target, sealing, modelToUpdate, checkpoints };
        const { seconds, metrics, watermark, state } = await makeModel(task);
        const trainingHours = (attempt.secondsBefore + seconds) / 3600;
        const trained = { model: target, metrics, watermark, trainedOn: state, trainingHours };
        return { commit: (tx) => finish(tx, job, life, trained) };
      } catch (error) {
        await attempt.keepTime();
        throw error;
      }
    },
    fail: end,
    cancelled: (tx, job) => end(tx, job),
  };
}

/** Says with each checkpoint that the job has advanced. */
const noted = (job: Job, checkpoints: KeptCheckpoints): KeptCheckpoints => ({
  ...checkpoints,
  async keep(name, path) {
    await checkpoints.keep(name, path);
    await job.advanced();
  },
});

async function finish<K extends Kind<ModelDocument>>(
  tx: Transaction,
  job: Job,
  life: TrainingLife<K>,
  trained: TrainedModel & { readonly model: string },
): Promise<void> {
  const owner = await resourceOf(tx, life.kind, job);
  const { superseded, removable } = replacedModels(owner.document);
  const none = { update: undefined, pendingWatermark: undefined };
  if (!(await life.finish(tx, owner, { ...trained, ...none, superseded }))) return;
  await forgetUnreferenced(tx.db, [trained.model]);
  await noteUnreferenced(tx.db, removable, tx.now);
}

/** Of the models before a training: the one that was served last, and those that nothing serves any more. */
function replacedModels({ model, watermark = 0, trainedOn = {}, update, superseded }: ModelDocument) {
  const trained = model === undefined ? undefined : { model, watermark, state: trainedOn };
  const removable = [superseded?.model, update && model].filter((prefix) => prefix !== undefined);
  return { superseded: update ?? trained, removable };
}
