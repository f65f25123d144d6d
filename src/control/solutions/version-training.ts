import { randomUUID } from 'node:crypto';
import { beginWriting, forgetUnreferenced } from '../../data/objects/unreferenced-objects.ts';
import type { Context } from '../context.ts';
import { campaignsUsing } from '../deployments/campaign-kind.ts';
import { followLatest } from '../deployments/campaign-updates.ts';
import { type Job, type JobHandler, WorkFailed } from '../jobs/job.ts';
import { resourceOf } from '../jobs/job-resource.ts';
import { makeModel } from '../models/model-making.ts';
import { beginAttempt, checkpointPrefix } from '../models/training-checkpoints.ts';
import { changeResource, findResource, type Queryable } from '../resources/resource-store.ts';
import type { Transaction } from '../resources/transaction.ts';
import { latestTrainedVersion } from './latest-version.ts';
import { solutionKind } from './solution-kind.ts';
import { type SolutionVersion, type SolutionVersionDocument, solutionVersionKind } from './solution-version-kind.ts';

/**
 * Trains on the dataset group's data, going on where an attempt before was cut short; one transaction then makes the
 * version ACTIVE and starts the updates of the campaigns that follow its solution.
 */
export function versionTraining(context: Context): JobHandler {
  const { store, database } = context;
  return {
    async run(job, progress) {
      const { version, model } = await job.transaction((tx) => begin(tx, job));
      const { prefix } = version.document;
      await using attempt = await beginAttempt(store, prefix, () => performance.now());
      try {
        const { metrics, seconds, state } = await makeModel({
          ...{ context, job, progress, version, target: model, checkpoints: attempt.checkpoints },
          before: await modelBefore(database, version),
          async remember(tx, watermark) {
            const present = await resourceOf(tx, solutionVersionKind, job);
            await changeResource(tx, present, { document: { watermark } });
          },
        });
        const trainingHours = (attempt.secondsBefore + seconds) / 3600;
        return { commit: (tx) => finish(tx, job, { model, metrics, trainedOn: state, trainingHours }) };
      } catch (error) {
        await attempt.keepTime();
        throw error;
      }
    },
    fail: (tx, job, failureReason) => end(tx, job, failureReason),
    cancelled: (tx, job) => end(tx, job),
  };
}

/** What the training writes is removed when the job has ended, but for the model that it leads to. */
async function begin(tx: Transaction, job: Job) {
  const pending = await resourceOf(tx, solutionVersionKind, job);
  const { prefix } = pending.document;
  const model = `${prefix}${randomUUID()}/`;
  await beginWriting(tx.db, [model, checkpointPrefix(prefix)], tx.now, job.id);
  const version = await changeResource(tx, pending, { status: 'CREATE IN_PROGRESS' });
  return { version, model };
}

/** The model that an update by hand goes on from: that of the last training. */
async function modelBefore(db: Queryable, { parent, document }: SolutionVersion): Promise<string | undefined> {
  if (document.trainingMode !== 'UPDATE') return undefined;
  const solution = await findResource(db, solutionKind, parent ?? '');
  const trained = solution && (await latestTrainedVersion(db, solution));
  if (trained?.document.model === undefined)
    throw new WorkFailed('There is no trained solution version to update. Create one with trainingMode FULL first.');
  return trained.document.model;
}

type TrainedModel = Pick<SolutionVersionDocument, 'metrics' | 'trainedOn' | 'trainingHours'> & {
  readonly model: string;
};

async function finish(tx: Transaction, job: Job, trained: TrainedModel): Promise<void> {
  const version = await resourceOf(tx, solutionVersionKind, job);
  // Asked to stop after the last look at the signal: it is stopped, and the model is removed.
  if (version.status === 'CREATE STOPPING') return await end(tx, job);
  await changeResource(tx, version, { status: 'ACTIVE', document: trained });
  await forgetUnreferenced(tx.db, [trained.model]);
  const solution = await findResource(tx.db, solutionKind, version.parent ?? '');
  if (!solution) throw new Error(`${version.arn} has no solution.`);
  for (const campaign of await campaignsUsing(tx.db, solution)) {
    if (campaign.parent === solution.arn) await followLatest(tx, campaign);
  }
}

/** A training that ends without a model: stopped where that was asked for, failed otherwise. */
async function end(tx: Transaction, job: Job, failureReason?: string): Promise<void> {
  const version = await resourceOf(tx, solutionVersionKind, job);
  if (version.status === 'CREATE STOPPING') {
    await changeResource(tx, version, { status: 'CREATE STOPPED' });
  } else {
    await changeResource(tx, version, { status: 'CREATE FAILED', document: { failureReason } });
  }
}
