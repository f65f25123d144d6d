import { ObjectStoreError } from '../../data/objects/object-store.ts';
import { noteUnreferenced } from '../../data/objects/unreferenced-objects.ts';
import { type Job, type JobHandler, WorkFailed } from '../jobs/job.ts';
import { callOff, insertJob } from '../jobs/queue.ts';
import { changeResource, findResource } from '../resources/resource-store.ts';
import type { Transaction } from '../resources/transaction.ts';
import type { AnyBatchJob, BatchLife } from './batch-life.ts';

/** Puts a job for each share on the queue, or where there is none, the one that ends the job. */
export async function enqueueShares(tx: Transaction, life: BatchLife, resourceArn: string, shares: number) {
  for (let part = 0; part < shares; part++) await insertJob(tx, { kind: life.jobs.score, resourceArn, part });
  if (shares === 0) await insertJob(tx, { kind: life.jobs.finish, resourceArn });
}

/**
 * Begins the job from the start: what it was about to do is gone from the store, as after a restore.
 *
 * @returns the outcome of whichever of its jobs has noticed
 */
export const startedAgain = (life: BatchLife, { resourceArn, id }: Job) => ({
  async commit(tx: Transaction) {
    const others = tx.db.deleteFrom('jobs').where('resource_arn', '=', resourceArn).where('id', '!=', id);
    await others.where('owner', 'is', null).execute();
    const job = await findResource(tx.db, life.kind, resourceArn);
    if (job) await changeResource(tx, job, { document: { work: undefined, sharesLeft: undefined } });
    await insertJob(tx, { kind: life.jobs.start, resourceArn });
  },
});

/** How a batch job ends that one of its jobs could not do, or that was called off. */
export function ending(life: BatchLife): Pick<JobHandler, 'fail' | 'cancelled'> {
  return {
    async fail(tx, job, failureReason) {
      const resource = await findResource(tx.db, life.kind, job.resourceArn);
      if (!resource) return;
      await changeResource(tx, resource, { status: 'CREATE FAILED', document: { failureReason } });
      await callOff(tx, resource.arn);
      await leaveWork(tx, resource, job);
    },
    async cancelled(tx, job) {
      const resource = await findResource(tx.db, life.kind, job.resourceArn);
      if (resource) await leaveWork(tx, resource, job);
    },
  };
}

/**
 * Has what the job has in the store removed, once nobody writes there any more: the last of its jobs that ends does.
 */
export async function leaveWork(tx: Transaction, { arn, document }: AnyBatchJob, { id }: Pick<Job, 'id'>) {
  const others = tx.db.selectFrom('jobs').select('id').where('resource_arn', '=', arn).where('id', '!=', id);
  if (await others.executeTakeFirst()) return;
  await noteUnreferenced(tx.db, [document.prefix], tx.now);
}

/** Begins a failureReason with the service's words for a path that cannot be used. */
export async function atPath<T>(which: 'input' | 'output', work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ObjectStoreError) || error.reason === 'unreachable') throw error;
    throw new WorkFailed(`Invalid S3 ${which} path. ${error.message}`);
  }
}
