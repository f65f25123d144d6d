import { servedType } from '../../learn/recipes/recipe-types.ts';
import type { Context } from '../context.ts';
import { type JobHandler, WorkFailed } from '../jobs/job.ts';
import { resourceOf } from '../jobs/job-resource.ts';
import { scheduleUpdates } from '../models/model-updates.ts';
import { type Kind, type ResourceOf, titleFor } from '../resources/kind.ts';
import type { Queryable } from '../resources/resource-store.ts';
import type { Transaction } from '../resources/transaction.ts';
import { type DeployedModel, type DeploymentDocument, deploymentOf } from './deployment-owner.ts';

/** How a deployment changes the resource that owns it. */
export type DeploymentLife<K extends Kind<DeploymentDocument>> = {
  readonly kind: K;
  /** ARN of the owner of the model that is to be served. */
  target(owner: ResourceOf<K>): string;
  /** Shows that the model is being loaded; again with each attempt. */
  begin(tx: Transaction, owner: ResourceOf<K>): Promise<void>;
  /**
   * Puts the model into the owner's document: requests go to it from now on.
   *
   * @returns whether the owner serves it; one that was stopped meanwhile does not
   */
  finish(tx: Transaction, owner: ResourceOf<K>, deployment: DeployedModel): Promise<boolean>;
  fail(tx: Transaction, owner: ResourceOf<K>, failureReason: string): Promise<void>;
};

/**
 * Deploys a model: it is loaded, so that the first request finds it, and what was served before answers until then
 * (spec runtime.md §10).
 */
export function modelDeployment<K extends Kind<DeploymentDocument>>(
  context: Context,
  life: DeploymentLife<K>,
): JobHandler {
  const { database, serving, answers } = context;
  return {
    async run(job, progress) {
      const owner = await job.transaction(async (tx) => {
        const present = await resourceOf(tx, life.kind, job);
        await life.begin(tx, present);
        return present;
      });
      progress.report(0, 'loading the model');
      let deployment = await modelToDeploy(context, database, life.target(owner));
      await serving.prepare(deploymentOf(owner.arn, deployment));
      const former = owner.document.deployment;
      let isServed = false;
      return {
        async commit(tx) {
          const present = await resourceOf(tx, life.kind, job);
          const target = life.target(present);
          // It may have been brought up to date while it was being loaded.
          deployment = await modelToDeploy(context, tx.db, target);
          isServed = await life.finish(tx, present, deployment);
          if (isServed) await scheduleUpdates(context, tx, target);
        },
        async afterwards() {
          if (!isServed) return await dropDeployment(context, owner.arn);
          await answers.deployments.forget(owner.arn);
          if (former) serving.release(owner.arn, deployment.model);
          await answers.views.keeper.look();
        },
      };
    },
    fail: async (tx, job, reason) => life.fail(tx, await resourceOf(tx, life.kind, job), reason),
    // Its owner was deleted or stopped: there is nothing left to settle.
    cancelled: async () => {},
  };
}

/** Drops what this server holds for an owner that serves nothing any more: models, and views that only it needed. */
export async function dropDeployment(
  { answers, serving }: Pick<Context, 'answers' | 'serving'>,
  ownerArn: string,
): Promise<void> {
  await answers.deployments.forget(ownerArn);
  serving.release(ownerArn);
  void answers.views.keeper.look();
}

/** The model that an owner has now, last brought up to date. @throws WorkFailed if it has none */
async function modelToDeploy(
  { owners }: Pick<Context, 'owners'>,
  db: Queryable,
  modelOwnerArn: string,
): Promise<DeployedModel> {
  const { owner, plan } = (await owners.models.find(db, modelOwnerArn)) ?? {};
  const { model, watermark } = owner?.document.update ?? owner?.document ?? {};
  const recipeType = plan && servedType(plan.recipe);
  if (recipeType === undefined || model === undefined) {
    throw new WorkFailed(`${owner ? titleFor(owner.kind) : 'Resource'} ${modelOwnerArn} has no model.`);
  }
  return { recipeType, model, watermark };
}
