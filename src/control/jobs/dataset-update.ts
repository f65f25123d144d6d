import type { Change } from '../change.ts';
import type { UpdateStatus } from '../lifecycle.ts';
import type { Context } from '../parts.ts';
import { changeResource } from '../resource-store.ts';
import type { Job, JobKind } from './job.ts';
import { subjectOf } from './subject.ts';

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
