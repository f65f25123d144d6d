import type { Context } from '../context.ts';
import { enqueue } from '../jobs/enqueue.ts';
import type { Job, JobHandler } from '../jobs/job.ts';
import { resourceOf } from '../jobs/job-resource.ts';
import { callOff, hasJobs } from '../jobs/queue.ts';
import { hasNewToTrain, presentState } from '../models/data-state.ts';
import type { TrainingLife } from '../models/model-training.ts';
import { scheduleUpdates } from '../models/model-updates.ts';
import { getUseCase } from '../models/recipe-lookup.ts';
import { changeResource } from '../resources/resource-store.ts';
import type { Transaction } from '../resources/transaction.ts';
import { movedUpdate } from '../resources/updates.ts';
import { type Recommender, recommenderKind } from './recommender-kind.ts';
import { waitsForTraining } from './recommender-settings.ts';

/** A full retraining every 7 days from the creation (spec domains.md §3). */
const periodMs = 7 * 24 * 3_600_000;

/**
 * The training of a recommender: its first, one by the schedule, or one of other columns. Its model is deployed next.
 * What it has had answers until then.
 */
export function recommenderTraining(
  context: Pick<Context, 'owners' | 'settings' | 'log'>,
): TrainingLife<typeof recommenderKind> {
  const { log } = context;
  return {
    kind: recommenderKind,
    async begin(tx, recommender) {
      const { document } = recommender;
      if (recommender.status === 'CREATE PENDING') {
        await changeResource(tx, recommender, { status: 'CREATE IN_PROGRESS' });
      } else if (waitsForTraining(document)) {
        const latestUpdate = movedUpdate(recommender, 'CREATE IN_PROGRESS', tx.now);
        await changeResource(tx, recommender, { document: { latestUpdate } });
      }
    },
    async finish(tx, recommender, trained) {
      if (await isOutdated(tx, recommender)) return false;
      if (!['CREATE IN_PROGRESS', 'ACTIVE'].includes(recommender.status)) return false;
      await changeResource(tx, recommender, { document: { ...trained, ...trainedSettings(recommender) } });
      await enqueue(tx, recommenderKind, 'deploy-recommender', recommender);
      return true;
    },
    async end(tx, recommender, failureReason) {
      const { arn, status, document } = recommender;
      if (await isOutdated(tx, recommender)) return;
      if (status === 'CREATE PENDING' || status === 'CREATE IN_PROGRESS') {
        await changeResource(tx, recommender, { status: 'CREATE FAILED', document: { failureReason } });
      } else if (waitsForTraining(document)) {
        const latestUpdate = movedUpdate(recommender, 'CREATE FAILED', tx.now, failureReason);
        await changeResource(tx, recommender, { document: { latestUpdate } });
      } else if (failureReason !== undefined) {
        log.error(
          { resource: arn, reason: failureReason },
          'A recommender could not be retrained; it answers as before.',
        );
      }
      await scheduleUpdates(context, tx, arn);
    },
  };
}

/** An update that has come during a training wants another one: that one begins now, with its columns. */
async function isOutdated(tx: Transaction, recommender: Recommender): Promise<boolean> {
  const { document } = recommender;
  if (document.latestUpdate?.status !== 'CREATE PENDING' || !waitsForTraining(document)) return false;
  await enqueue(tx, recommenderKind, 'train-recommender', recommender);
  return true;
}

/** The columns that the model was trained with are in force with it; the other settings once it is deployed. */
function trainedSettings({ document }: Recommender): Partial<Recommender['document']> {
  const { latestUpdate, recommenderConfig } = document;
  if (!latestUpdate || !waitsForTraining(document)) return {};
  const { datasetColumns } = latestUpdate;
  const { trainingDataConfig } = latestUpdate.recommenderConfig;
  return { recommenderConfig: { ...recommenderConfig, trainingDataConfig }, datasetColumns };
}

/**
 * Starts a training in place of any other that is waiting or going on: one that goes on is called off first, and its
 * end starts this one (`isOutdated`).
 *
 * @returns the jobs that were called off
 */
export async function startTraining(tx: Transaction, { arn }: Recommender): Promise<string[]> {
  const replaced = ['train-recommender', 'update-recommender-model'];
  await callOff(tx, arn, replaced);
  const goesOn = await hasJobs(tx.db, arn, ['train-recommender']);
  if (!goesOn) await enqueue(tx, recommenderKind, 'train-recommender', { arn });
  return goesOn ? replaced : ['update-recommender-model'];
}

/**
 * The scheduled retraining. It takes place if interactions have come in since the last training, and no other training
 * is on its way. The schedule is one job, so that none starts twice, and a server that was down catches up once.
 */
export const scheduledRetraining: JobHandler = {
  run: async (job) => ({ commit: (tx) => retrainIfWanted(tx, job) }),
  fail: async (tx, job) => scheduleRetraining(tx, await resourceOf(tx, recommenderKind, job)),
  // It was stopped or deleted.
  cancelled: async () => {},
};

async function retrainIfWanted(tx: Transaction, job: Job): Promise<void> {
  const recommender = await resourceOf(tx, recommenderKind, job);
  const { arn, parent, status, document } = recommender;
  if (status !== 'ACTIVE') return; // starting it schedules the next one
  const present = await presentState(tx.db, parent ?? '');
  const isWanted = hasNewToTrain(getUseCase(document.recipeArn), document.trainedOn ?? {}, present);
  if (isWanted && !(await hasJobs(tx.db, arn, ['train-recommender']))) await startTraining(tx, recommender);
  await scheduleRetraining(tx, recommender);
}

/** Schedules the next retraining, a whole number of periods after the creation. */
async function scheduleRetraining(tx: Transaction, { arn, createdAt }: Recommender): Promise<void> {
  const age = Math.max(0, tx.now - createdAt);
  await enqueue(tx, recommenderKind, 'retrain-recommender', { arn }, { delayMs: periodMs - (age % periodMs) });
}

/** Schedules what a recommender that has become ACTIVE should have and has not. */
export async function scheduleWork(
  context: Pick<Context, 'owners' | 'settings'>,
  tx: Transaction,
  recommender: Recommender,
): Promise<void> {
  if (!(await hasJobs(tx.db, recommender.arn, ['retrain-recommender']))) await scheduleRetraining(tx, recommender);
  await scheduleUpdates(context, tx, recommender.arn);
}
