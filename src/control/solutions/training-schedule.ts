import { enqueue, removeJobsOf } from '../jobs/queue.ts';
import type { SolutionConfig } from '../resources/resource.ts';
import type { Change } from '../resources/transaction.ts';

/** Of automatic training that is asked for without a schedule. */
export const defaultSchedule = { schedulingExpression: 'rate(7 days)' };

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/**
 * The service trains for the first time within the hour, unless someone trains by hand in that hour (spec training.md §3): the
 * end of the hour leaves the most time for that.
 */
const firstAfterMs = 55 * minuteMs;

const kinds = ['begin-automatic-training', 'repeat-automatic-training'] as const;

/** Has a solution train by itself from now on, by its schedule, whatever that was before. */
export async function beginSchedule(change: Change, solutionArn: string): Promise<void> {
  await endSchedule(change, solutionArn);
  await enqueue(change, { kind: 'begin-automatic-training', resourceArn: solutionArn, afterMs: firstAfterMs });
}

/** Has the schedule go on: a time of it begins now. */
export async function repeatSchedule(
  change: Change,
  solutionArn: string,
  config: SolutionConfig['autoTrainingConfig'],
): Promise<void> {
  const afterMs = daysOf(config?.schedulingExpression) * dayMs;
  await enqueue(change, { kind: 'repeat-automatic-training', resourceArn: solutionArn, afterMs });
}

export async function endSchedule(change: Change, solutionArn: string): Promise<void> {
  await removeJobsOf(change, solutionArn, kinds);
}

/** Whether a time of it is to come. */
export async function hasSchedule({ trx }: Change, solutionArn: string): Promise<boolean> {
  const jobs = trx.selectFrom('jobs').select('id').where('resource_arn', '=', solutionArn);
  return (await jobs.where('kind', 'in', kinds).executeTakeFirst()) !== undefined;
}

/** Days of `rate(7 days)`. */
export const daysOf = (expression = defaultSchedule.schedulingExpression): number =>
  Number(/\d+/.exec(expression)?.[0]);
