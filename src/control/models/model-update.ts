import { randomUUID } from 'node:crypto';
import { sealedPrefix } from '../../data/encryption/group-key.ts';
import { beginWriting, forgetUnreferenced, noteUnreferenced } from '../../data/objects/unreferenced-objects.ts';
import type { Context } from '../context.ts';
import { deploymentOf } from '../deployments/deployment-owner.ts';
import type { Job, JobHandler, Outcome } from '../jobs/job.ts';
import { changeResource } from '../resources/resource-store.ts';
import { hasNewData, presentState } from './data-state.ts';
import { makeModel, noteWatermark } from './model-making.ts';
import type { ModelOwner, ModelUpdate } from './model-owner.ts';
import { modelSealing } from './model-sealing.ts';
import { isUpdateDue, scheduleNextUpdate } from './model-updates.ts';

/**
 * Brings the model of an owner up to date, if data has come since it was made. One transaction replaces the model of
 * all deployments that serve it. The trained model stays, and so do its metrics; each update starts from it. The job
 * schedules the next one.
 */
export function modelUpdate(context: Context): JobHandler {
  const { database, owners, log } = context;
  return {
    async run(job, progress) {
      const owned = await owners.models.find(database, job.resourceArn);
      if (!owned || !(await isUpdateDue(context, database, owned))) return nextIfDue(context, job);
      const { prefix, model, trainedOn = {}, update } = owned.owner.document;
      const present = await presentState(database, owned.plan.datasetGroupArn);
      if (!hasNewData(owned.plan.recipe, update?.state ?? trainedOn, present)) {
        return { commit: (tx) => scheduleNextUpdate(context, tx, owned) };
      }
      const sealing = await modelSealing(context, job.resourceArn);
      const target = sealedPrefix(`${prefix}updates/${randomUUID()}/`, sealing);
      await job.transaction(({ db, now }) => beginWriting(db, [target], now, job.id));
      const { watermark, state } = await makeModel({ context, job, progress, target, sealing, modelToUpdate: model });
      const made = { model: target, watermark, state };
      await prepare(context, owned.owner, made);
      return replacement(context, job, made, model);
    },
    async fail(tx, job, reason) {
      log.error({ resource: job.resourceArn, reason }, 'A model could not be brought up to date; it answers as it is.');
      await noteWatermark(context, tx, job, undefined);
      await scheduleNextUpdate(context, tx, await owners.models.get(tx.db, job.resourceArn));
    },
    // Its owner was deleted, stopped, or is trained again: there is nothing left to settle.
    cancelled: async () => {},
  };
}

/** A deployment that has just begun to serve the model relies on the schedule that this job still is. */
const nextIfDue = (context: Context, { resourceArn }: Job): Outcome => ({
  async commit(tx) {
    const owned = await context.owners.models.find(tx.db, resourceArn);
    if (owned && (await isUpdateDue(context, tx.db, owned))) await scheduleNextUpdate(context, tx, owned);
  },
});

/** Loads the model for each deployment, so that the first request finds it. */
async function prepare({ database, owners, serving }: Context, owner: ModelOwner, made: ModelUpdate): Promise<void> {
  for (const { owner: server, deployed } of await owners.deployments.serving(database, owner)) {
    await serving.prepare(deploymentOf(server.arn, { ...deployed, model: made.model }));
  }
}

/** @param trained the model that was brought up to date: if a training has replaced it meanwhile, that one stays */
function replacement(context: Context, job: Job, made: ModelUpdate, trained: string | undefined): Outcome {
  const { owners, answers, serving, log } = context;
  const { resourceArn } = job;
  const moved: string[] = [];
  return {
    async commit(tx) {
      const owned = await owners.models.find(tx.db, resourceArn);
      if (!owned) return; // it was deleted meanwhile, and what was made is cleared away
      const { model: present, update, superseded } = owned.owner.document;
      if (present !== trained) return await nextIfDue(context, job).commit(tx);
      const document = { update: made, superseded: update, pendingWatermark: undefined };
      await changeResource(tx, owned.owner, { document });
      await forgetUnreferenced(tx.db, [made.model]);
      if (superseded) await noteUnreferenced(tx.db, [superseded.model], tx.now);
      const { model, watermark } = made;
      for (const { owner, deployed } of await owners.deployments.serving(tx.db, owned.owner)) {
        await changeResource(tx, owner, { document: { deployment: { ...deployed, model, watermark } } });
        moved.push(owner.arn);
      }
      await scheduleNextUpdate(context, tx, owned);
    },
    async afterwards() {
      if (moved.length > 0) log.info({ resource: resourceArn, deployments: moved }, 'A model was brought up to date.');
      for (const arn of moved) {
        await answers.deployments.forget(arn);
        serving.release(arn, made.model);
      }
      await answers.views.keeper.look();
    },
  };
}
