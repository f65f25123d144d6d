import type { Job, JobHandler } from '../jobs/job.ts';
import { resourceOf } from '../jobs/job-resource.ts';
import { changeResource } from '../resources/resource-store.ts';
import type { Transaction } from '../resources/transaction.ts';
import { movedUpdate } from '../resources/updates.ts';
import { type Solution, type SolutionDocument, type SolutionUpdateStatus, solutionKind } from './solution-kind.ts';
import { beginSchedule, daysOf, defaultSchedule, endSchedule } from './training-schedule.ts';

/** Puts a solution's new settings into force. */
export const solutionUpdate: JobHandler = {
  async run(job) {
    await job.transaction((tx) => moveUpdate(tx, job, 'CREATE IN_PROGRESS'));
    return { commit: (tx) => moveUpdate(tx, job, 'ACTIVE') };
  },
  fail: (tx, job, reason) => moveUpdate(tx, job, 'CREATE FAILED', reason),
};

async function moveUpdate(
  tx: Transaction,
  job: Job,
  status: SolutionUpdateStatus,
  failureReason?: string,
): Promise<void> {
  const solution = await resourceOf(tx, solutionKind, job);
  const latestUpdate = movedUpdate(solution, status, tx.now, failureReason);
  const settings = status === 'ACTIVE' ? updatedSettings(solution.document) : {};
  const updated = await changeResource(tx, solution, { document: { latestUpdate, ...settings } });
  await adjustSchedule(tx, solution, updated);
}

/** A schedule that is turned on or gets another period begins again; one that is turned off ends. */
async function adjustSchedule(tx: Transaction, before: Solution, after: Solution) {
  const [old, present] = [before, after].map(({ document }) =>
    document.performAutoTraining ? periodOf(document) : undefined,
  );
  if (old === present) return;
  if (present === undefined) await endSchedule(tx, after.arn);
  else await beginSchedule(tx, after.arn);
}

const periodOf = ({ solutionConfig }: SolutionDocument) =>
  daysOf(solutionConfig?.autoTrainingConfig?.schedulingExpression);

function updatedSettings(present: SolutionDocument): Partial<SolutionDocument> {
  const { latestUpdate, solutionConfig } = present;
  const performAutoTraining = latestUpdate?.performAutoTraining ?? present.performAutoTraining;
  const asked = latestUpdate?.solutionUpdateConfig?.autoTrainingConfig ?? solutionConfig?.autoTrainingConfig;
  const autoTrainingConfig = asked ?? (performAutoTraining ? defaultSchedule : undefined);
  const eventsConfig = latestUpdate?.solutionUpdateConfig?.eventsConfig;
  return {
    performAutoTraining,
    performIncrementalUpdate: latestUpdate?.performIncrementalUpdate ?? present.performIncrementalUpdate,
    solutionConfig: {
      ...solutionConfig,
      ...(autoTrainingConfig && { autoTrainingConfig }),
      ...(eventsConfig && { eventsConfig }),
    },
  };
}
