import type { Job, JobHandler } from '../jobs/job.ts';
import { resourceOf } from '../jobs/job-resource.ts';
import { hasNewToTrain, presentState } from '../models/data-state.ts';
import { getRecipe } from '../models/recipe-lookup.ts';
import { startResource } from '../resources/creation.ts';
import { selectResources } from '../resources/resource-store.ts';
import type { Transaction } from '../resources/transaction.ts';
import { type Solution, solutionKind } from './solution-kind.ts';
import { latestTrainedVersion, solutionVersionKind } from './solution-version-kind.ts';
import { beginSchedule, repeatSchedule } from './training-schedule.ts';
import { draftVersion } from './version-draft.ts';

/**
 * A scheduled training (spec training.md §3). It takes place if interactions have come in since the last one, or
 * items where the recipe does without. The first
 * one takes place only if nobody has trained by hand since the schedule began. While there is nothing to train on, the
 * schedule starts over. All of it is one transaction, and the schedule is one job, so that no training starts twice.
 */
export function automaticTraining(isFirst: boolean): JobHandler {
  return {
    run: async (job) => ({ commit: (tx) => trainIfWanted(tx, job, isFirst) }),
    async fail(tx, job) {
      const { arn, document } = await resourceOf(tx, solutionKind, job);
      await repeatSchedule(tx, arn, document.solutionConfig?.autoTrainingConfig);
    },
  };
}

async function trainIfWanted(tx: Transaction, job: Job, isFirst: boolean): Promise<void> {
  const solution = await resourceOf(tx, solutionKind, job);
  const { arn, document } = solution;
  const trained = await latestTrainedVersion(tx.db, solution);
  const present = await presentState(tx.db, solution.parent ?? '');
  const isWanted = hasNewToTrain(getRecipe(document.recipeArn), trained?.document.trainedOn ?? {}, present);
  const isForestalled = isFirst && (await hasVersionSince(tx, solution, job.createdAt));
  if (isFirst && !isWanted && !trained && !isForestalled) return await beginSchedule(tx, arn);
  if (isWanted && !isForestalled) {
    const draft = draftVersion(solution, { trainingMode: 'AUTOTRAIN', trainingType: 'AUTOMATIC' });
    await startResource(tx, solutionVersionKind, solution, draft);
  }
  await repeatSchedule(tx, arn, document.solutionConfig?.autoTrainingConfig);
}

async function hasVersionSince({ db: trx }: Transaction, solution: Solution, since: number): Promise<boolean> {
  const { account, region, arn } = solution;
  const [newest] = await selectResources(trx, solutionVersionKind, { account, region, parent: arn, limit: 1 });
  return newest !== undefined && newest.createdAt >= since;
}
