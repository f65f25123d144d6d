import type { Context } from '../context.ts';
import type { Job, JobKind } from '../jobs/job.ts';
import { subjectOf } from '../jobs/subject.ts';
import type { UpdateStatus } from '../resources/lifecycle.ts';
import { changeResource } from '../resources/resource-store.ts';
import type { Change } from '../resources/transaction.ts';

/** Gives a dataset its new schema. The data stays: what was imported before reads as null in the new columns. */
export const datasetUpdate = ({ datasets }: Context): JobKind => ({
  lane: 'quick',
  async run(job) {
    await job.change((change) => moveUpdate(change, job, 'UPDATE IN_PROGRESS'));
    return {
      commit: (change) => moveUpdate(change, job, 'ACTIVE'),
      afterwards: async () => datasets.forget(job.resourceArn),
    };
  },
  fail: (change, job, reason) => moveUpdate(change, job, 'UPDATE FAILED', reason),
});

async function moveUpdate(
  change: Change,
  job: Job,
  status: UpdateStatus<'dataset'>,
  failureReason?: string,
): Promise<void> {
  const dataset = await subjectOf(change, 'dataset', job);
  const update = dataset.document.latestUpdate;
  if (!update) throw new Error(`${dataset.arn} has no update, though a job works on one.`);
  const latestUpdate = { ...update, status, failureReason, updatedAt: change.now };
  const schema = status === 'ACTIVE' && { schemaArn: update.schemaArn };
  await changeResource(change, dataset, {
    status: status === 'UPDATE FAILED' ? 'ACTIVE' : status,
    document: { latestUpdate, ...schema },
  });
}
