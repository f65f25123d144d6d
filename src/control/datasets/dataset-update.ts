import type { Context } from '../context.ts';
import type { Job, JobHandler } from '../jobs/job.ts';
import { resourceOf } from '../jobs/job-resource.ts';
import { changeResource } from '../resources/resource-store.ts';
import type { Transaction } from '../resources/transaction.ts';
import { movedUpdate } from '../resources/updates.ts';
import { type DatasetUpdateStatus, datasetKind } from './dataset-kind.ts';

/** Gives a dataset its new schema. The data stays: what was imported before reads as null in the new columns. */
export const datasetUpdate = ({ records, answers }: Context): JobHandler => ({
  async run(job) {
    await job.transaction((tx) => moveUpdate(tx, job, 'UPDATE IN_PROGRESS'));
    return {
      commit: (tx) => moveUpdate(tx, job, 'ACTIVE'),
      async afterwards() {
        await records.datasets.forget(job.resourceArn);
        await answers.views.keeper.look();
      },
    };
  },
  fail: (tx, job, reason) => moveUpdate(tx, job, 'UPDATE FAILED', reason),
});

async function moveUpdate(
  tx: Transaction,
  job: Job,
  status: DatasetUpdateStatus,
  failureReason?: string,
): Promise<void> {
  const dataset = await resourceOf(tx, datasetKind, job);
  const latestUpdate = movedUpdate(dataset, status, tx.now, failureReason);
  const schema = status === 'ACTIVE' && { schemaArn: latestUpdate.schemaArn };
  await changeResource(tx, dataset, {
    status: status === 'UPDATE FAILED' ? 'ACTIVE' : status,
    document: { latestUpdate, ...schema },
  });
}
