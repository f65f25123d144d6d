import { randomUUID } from 'node:crypto';
import { beginWriting, forgetUnreferenced, noteUnreferenced } from '../../data/objects/unreferenced-objects.ts';
import type { Context } from '../context.ts';
import { deploymentOf } from '../deployments/deployment-cache.ts';
import type { Job, JobHandler, Outcome } from '../jobs/job.ts';
import { resourceOf } from '../jobs/job-resource.ts';
import { changeResource, findResource } from '../resources/resource-store.ts';
import type { Transaction } from '../resources/transaction.ts';
import { type ModelUpdate, type SolutionVersion, solutionVersionKind } from '../solutions/solution-version-kind.ts';
import { hasNewData, presentState } from './data-state.ts';
import { makeModel } from './model-making.ts';
import { campaignsServing, isUpdateDue, scheduleNextUpdate } from './model-updates.ts';

/**
 * Brings the model of the last trained version behind a campaign up to date, if data has come since it was made, and puts it in the place of the one that answers: one
 * transaction, for all campaigns that serve the version. The version stays, and so do its metrics and its own model, from which each update
 * goes on. The job is also the appointment: it puts the next one on the queue.
 */
export function modelUpdate(context: Context): JobHandler {
  const { database, settings, log } = context;
  const next = (tx: Transaction, { resourceArn }: Job) => scheduleNextUpdate(tx, resourceArn, settings.updateEveryMs);
  // A campaign that has just begun to serve the version relies on the appointment that this job still is.
  const goOnIfDue = async (tx: Transaction, job: Job) => {
    const version = await findResource(tx.db, solutionVersionKind, job.resourceArn);
    if (version && (await isUpdateDue(tx.db, version))) await next(tx, job);
  };
  return {
    async run(job, progress) {
      const version = await findResource(database, solutionVersionKind, job.resourceArn);
      const isDue = settings.updateEveryMs > 0 && version && (await isUpdateDue(database, version));
      if (!isDue) return { commit: (tx) => goOnIfDue(tx, job) };
      const { datasetGroupArn, trainedOn = {}, update } = version.document;
      const present = await presentState(database, datasetGroupArn);
      if (!hasNewData(update?.state ?? trainedOn, present)) return { commit: (tx) => next(tx, job) };
      let watermark = 0;
      const target = `${version.document.prefix}updates/${randomUUID()}/`;
      await job.transaction(({ db: trx, now }) => beginWriting(trx, [target], now, job.id));
      const { state } = await makeModel({
        ...{ context, job, progress, version, target, before: version.document.model },
        async remember(tx, through) {
          watermark = through;
          const document = { updateWatermark: through };
          await changeResource(tx, await resourceOf(tx, solutionVersionKind, job), { document });
        },
      });
      const made = { model: target, watermark, state };
      await prepare(context, version, made);
      return replacement(context, job, made, (tx) => next(tx, job));
    },
    async fail(tx, job, reason) {
      log.error({ resource: job.resourceArn, reason }, 'A model could not be brought up to date; it answers as it is.');
      const document = { updateWatermark: undefined };
      await changeResource(tx, await resourceOf(tx, solutionVersionKind, job), { document });
      await next(tx, job);
    },
    // Its solution was deleted: there is nothing left to settle.
    cancelled: async () => {},
  };
}

/** Loads the model for each campaign, so that the first request finds it. */
async function prepare({ database, serving }: Context, version: SolutionVersion, made: ModelUpdate) {
  for (const { campaign, deployment } of await campaignsServing(database, version)) {
    await serving.prepare(deploymentOf(campaign.arn, { ...deployment, ...servedOf(made) }));
  }
}

const servedOf = ({ model, watermark }: ModelUpdate) => ({ model, watermark });

function replacement(
  { campaigns, serving, views, log }: Context,
  { resourceArn }: Job,
  made: ModelUpdate,
  appoint: (tx: Transaction) => Promise<void>,
): Outcome {
  const moved: string[] = [];
  return {
    async commit(tx) {
      const version = await findResource(tx.db, solutionVersionKind, resourceArn);
      if (!version) return; // its solution was deleted meanwhile, and what was made is cleared away
      const { update, superseded } = version.document;
      const document = { update: made, superseded: update, updateWatermark: undefined };
      await changeResource(tx, version, { document });
      await forgetUnreferenced(tx.db, [made.model]);
      if (superseded) await noteUnreferenced(tx.db, [superseded.model], tx.now);
      for (const { campaign, deployment } of await campaignsServing(tx.db, version)) {
        await changeResource(tx, campaign, { document: { deployment: { ...deployment, ...servedOf(made) } } });
        moved.push(campaign.arn);
      }
      await appoint(tx);
    },
    async afterwards() {
      log.info({ resource: resourceArn, campaigns: moved }, 'A model was brought up to date.');
      for (const arn of moved) {
        campaigns.forget(arn);
        serving.release(arn, made.model);
      }
      await views.keeper.look();
    },
  };
}
