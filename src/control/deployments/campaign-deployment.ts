import { servedType } from '../../learn/recipes/recipe-types.ts';
import type { Context } from '../context.ts';
import { type Job, type JobHandler, WorkFailed } from '../jobs/job.ts';
import { resourceOf } from '../jobs/job-resource.ts';
import { scheduleUpdates } from '../models/model-updates.ts';
import { getRecipe } from '../recipes/recipe.ts';
import { changeResource, findResource, type Queryable } from '../resources/resource-store.ts';
import type { Transaction } from '../resources/transaction.ts';
import { movedUpdate, updateOf } from '../resources/updates.ts';
import { solutionVersionKind } from '../solutions/solution-version-kind.ts';
import { type Campaign, type CampaignUpdateStatus, campaignKind, type ServedModel } from './campaign-kind.ts';
import { followLatest } from './campaign-updates.ts';
import { deploymentOf } from './deployment-cache.ts';

/** Creation: the model is loaded, so that the first request finds it. */
export function campaignCreation({ database, serving, campaigns, views, settings }: Context): JobHandler {
  return {
    async run(job, progress) {
      const campaign = await job.transaction(async (tx) =>
        changeResource(tx, await resourceOf(tx, campaignKind, job), { status: 'CREATE IN_PROGRESS' }),
      );
      progress.report(0, 'loading the model');
      const deployment = await servedBy(database, campaign.document.solutionVersionArn);
      await serving.prepare(deploymentOf(job.resourceArn, deployment));
      return {
        async commit(tx) {
          const present = await resourceOf(tx, campaignKind, job);
          const { solutionVersionArn } = present.document;
          const document = { deployment: await servedBy(tx.db, solutionVersionArn) };
          const active = await changeResource(tx, present, { status: 'ACTIVE', document });
          await scheduleUpdates(tx, solutionVersionArn, settings.updateEveryMs);
          await followLatest(tx, active);
        },
        async afterwards() {
          campaigns.forget(job.resourceArn);
          await views.keeper.look();
        },
      };
    },
    async fail(tx, job, failureReason) {
      const campaign = await resourceOf(tx, campaignKind, job);
      const failed = await changeResource(tx, campaign, { status: 'CREATE FAILED', document: { failureReason } });
      await followLatest(tx, failed);
    },
  };
}

/** Update: the old version answers until the new one is loaded; then all requests go to the new one (spec runtime.md §10). */
export function campaignUpdate({ database, serving, campaigns, views, settings }: Context): JobHandler {
  return {
    async run(job, progress) {
      const campaign = await job.transaction((tx) => moveUpdate(tx, job, 'CREATE IN_PROGRESS'));
      progress.report(0, 'loading the model');
      const { solutionVersionArn } = updateOf(campaign);
      let deployment = await servedBy(database, solutionVersionArn);
      await serving.prepare(deploymentOf(job.resourceArn, deployment));
      return {
        async commit(tx) {
          deployment = await servedBy(tx.db, solutionVersionArn);
          const updated = await putIntoForce(tx, job, deployment);
          await scheduleUpdates(tx, updated.document.solutionVersionArn, settings.updateEveryMs);
          await followLatest(tx, updated);
        },
        async afterwards() {
          campaigns.forget(job.resourceArn);
          serving.release(job.resourceArn, deployment.model);
          await views.keeper.look();
        },
      };
    },
    async fail(tx, job, reason) {
      const campaign = await moveUpdate(tx, job, 'CREATE FAILED', reason);
      await followLatest(tx, campaign, updateOf(campaign).solutionVersionArn);
    },
  };
}

async function putIntoForce(tx: Transaction, job: Job, deployment: ServedModel): Promise<Campaign> {
  const campaign = await moveUpdate(tx, job, 'ACTIVE');
  const { solutionVersionArn, minProvisionedTPS, campaignConfig } = updateOf(campaign);
  const version = await findResource(tx.db, solutionVersionKind, solutionVersionArn);
  return await changeResource(tx, campaign, {
    status: 'ACTIVE',
    parent: version?.parent ?? undefined,
    document: {
      ...{ solutionVersionArn, minProvisionedTPS, campaignConfig },
      deployment,
      failureReason: undefined,
    },
  });
}

async function moveUpdate(
  tx: Transaction,
  job: Job,
  status: CampaignUpdateStatus,
  failureReason?: string,
): Promise<Campaign> {
  const campaign = await resourceOf(tx, campaignKind, job);
  const latestUpdate = movedUpdate(campaign, status, tx.now, failureReason);
  return await changeResource(tx, campaign, { document: { latestUpdate } });
}

/** What a campaign serves that serves a version, as of now: its model may be brought up to date while it is being loaded. */
async function servedBy(db: Queryable, versionArn: string): Promise<ServedModel> {
  const version = await findResource(db, solutionVersionKind, versionArn);
  const { recipeArn, update } = version?.document ?? {};
  const { model, watermark } = update ?? version?.document ?? {};
  if (recipeArn === undefined || model === undefined) {
    throw new WorkFailed(`Solution version ${versionArn} has no model.`);
  }
  return { recipeType: servedType(getRecipe(recipeArn)), model, watermark };
}
