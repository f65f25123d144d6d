import { enqueue } from '../jobs/enqueue.ts';
import { removeJobsOf } from '../jobs/queue.ts';
import type { Transaction } from '../resources/transaction.ts';
import { type Solution, type SolutionConfig, solutionKind } from './solution-kind.ts';

/** Of automatic training that is asked for without a schedule. */
export const defaultSchedule = { schedulingExpression: 'rate(7 days)' };

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/**
 * The service trains for the first time within the hour, unless someone trains by hand in that hour (spec training.md
 * §3). The end of the hour leaves the most time for that.
 */
const firstAfterMs = 55 * minuteMs;

const kinds = ['begin-automatic-training', 'repeat-automatic-training'] as const;

/** Starts the schedule of a solution, in place of any that it had. */
export async function beginSchedule(tx: Transaction, solutionArn: string): Promise<void> {
  await endSchedule(tx, solutionArn);
  await enqueue(tx, solutionKind, 'begin-automatic-training', { arn: solutionArn }, { delayMs: firstAfterMs });
}

/** Schedules the next training, one period from now. */
export async function repeatSchedule(
  tx: Transaction,
  solutionArn: string,
  config: SolutionConfig['autoTrainingConfig'],
): Promise<void> {
  const delayMs = daysOf(config?.schedulingExpression) * dayMs;
  await enqueue(tx, solutionKind, 'repeat-automatic-training', { arn: solutionArn }, { delayMs });
}

export async function endSchedule(tx: Transaction, solutionArn: string): Promise<void> {
  await removeJobsOf(tx, solutionArn, kinds);
}

/** Starts the schedule of a solution that should have one and has none. */
export async function scheduleTraining(tx: Transaction, { arn, document }: Solution): Promise<void> {
  if (!document.performAutoTraining) return;
  const jobs = tx.db.selectFrom('jobs').select('id').where('resource_arn', '=', arn);
  const scheduled = await jobs.where('kind', 'in', kinds).executeTakeFirst();
  if (!scheduled) await beginSchedule(tx, arn);
}

/** Days of `rate(7 days)`. */
export const daysOf = (expression = defaultSchedule.schedulingExpression): number =>
  Number(/\d+/.exec(expression)?.[0]);
