import type { Recipe, RecipeType } from '../../learn/recipes/recipe.ts';
import type { Context } from '../context.ts';
import { type Job, type JobKind, WorkFailed } from '../jobs/job.ts';
import { subjectOf } from '../jobs/subject.ts';
import { expectUpdates } from '../models/model-updates.ts';
import { getRecipe } from '../recipes/recipe.ts';
import type { UpdateStatus } from '../resources/lifecycle.ts';
import type { Resource, Served } from '../resources/resource.ts';
import { changeResource, findResource, type Queryable } from '../resources/resource-store.ts';
import type { Change } from '../resources/transaction.ts';
import { followLatest } from './campaign-updates.ts';
import { deploymentOf } from './deployment-cache.ts';

/** Creation: the model is loaded, so that the first request finds it. */
export function campaignCreation({ database, serving, campaigns, histories, settings }: Context): JobKind {
  return {
    lane: 'deployment',
    async run(job, watch) {
      const campaign = await job.change(async (change) =>
        changeResource(change, await subjectOf(change, 'campaign', job), { status: 'CREATE IN_PROGRESS' }),
      );
      watch.progress(0, 'loading the model');
      const serves = await servedBy(database, campaign.document.solutionVersionArn);
      await serving.prepare(deploymentOf(job.resourceArn, serves));
      return {
        async commit(change) {
          const present = await subjectOf(change, 'campaign', job);
          const { solutionVersionArn } = present.document;
          const document = { serves: await servedBy(change.trx, solutionVersionArn) };
          const active = await changeResource(change, present, { status: 'ACTIVE', document });
          await expectUpdates(change, solutionVersionArn, settings.updateEveryMs);
          await followLatest(change, active);
        },
        async afterwards() {
          campaigns.forget(job.resourceArn);
          await histories.look();
        },
      };
    },
    async fail(change, job, failureReason) {
      const campaign = await subjectOf(change, 'campaign', job);
      const failed = await changeResource(change, campaign, { status: 'CREATE FAILED', document: { failureReason } });
      await followLatest(change, failed);
    },
  };
}

/** Update: the old version answers until the new one is loaded; then all requests go to the new one (spec runtime.md §10). */
export function campaignUpdate({ database, serving, campaigns, histories, settings }: Context): JobKind {
  return {
    lane: 'deployment',
    async run(job, watch) {
      const campaign = await job.change((change) => moveUpdate(change, job, 'CREATE IN_PROGRESS'));
      watch.progress(0, 'loading the model');
      const { solutionVersionArn } = updateOf(campaign);
      let serves = await servedBy(database, solutionVersionArn);
      await serving.prepare(deploymentOf(job.resourceArn, serves));
      return {
        async commit(change) {
          serves = await servedBy(change.trx, solutionVersionArn);
          const updated = await putIntoForce(change, job, serves);
          await expectUpdates(change, updated.document.solutionVersionArn, settings.updateEveryMs);
          await followLatest(change, updated);
        },
        async afterwards() {
          campaigns.forget(job.resourceArn);
          serving.release(job.resourceArn, serves.model);
          await histories.look();
        },
      };
    },
    async fail(change, job, reason) {
      const campaign = await moveUpdate(change, job, 'CREATE FAILED', reason);
      await followLatest(change, campaign, updateOf(campaign).solutionVersionArn);
    },
  };
}

async function putIntoForce(change: Change, job: Job, serves: Served): Promise<Resource<'campaign'>> {
  const campaign = await moveUpdate(change, job, 'ACTIVE');
  const { solutionVersionArn, minProvisionedTPS, campaignConfig } = updateOf(campaign);
  const version = await findResource(change.trx, 'solution-version', solutionVersionArn);
  return await changeResource(change, campaign, {
    status: 'ACTIVE',
    parent: version?.parent ?? undefined,
    document: {
      ...{ solutionVersionArn, minProvisionedTPS, campaignConfig },
      serves,
      failureReason: undefined,
    },
  });
}

async function moveUpdate(
  change: Change,
  job: Job,
  status: UpdateStatus<'campaign'>,
  failureReason?: string,
): Promise<Resource<'campaign'>> {
  const campaign = await subjectOf(change, 'campaign', job);
  const latestUpdate = { ...updateOf(campaign), status, failureReason, updatedAt: change.now };
  return await changeResource(change, campaign, { document: { latestUpdate } });
}

function updateOf({ arn, document }: Resource<'campaign'>) {
  if (!document.latestUpdate) throw new Error(`${arn} has no update, though a job works on one.`);
  return document.latestUpdate;
}

/** What a campaign serves that serves a version, as of now: its model may be brought up to date while it is being loaded. */
async function servedBy(db: Queryable, versionArn: string): Promise<Served> {
  const version = await findResource(db, 'solution-version', versionArn);
  const { recipeArn, update } = version?.document ?? {};
  const { model, recordsThrough } = update ?? version?.document ?? {};
  if (recipeArn === undefined || model === undefined) {
    throw new WorkFailed(`Solution version ${versionArn} has no model.`);
  }
  return { recipeType: servedType(getRecipe(recipeArn)), model, recordsThrough };
}

/** Popularity-Count is published as USER_PERSONALIZATION, but answers everyone alike: no user is needed (spec runtime.md §1). */
const servedType = ({ recipeType, knowsUsers }: Recipe): RecipeType =>
  recipeType === 'USER_PERSONALIZATION' && !knowsUsers ? 'POPULAR_ITEMS' : recipeType;
