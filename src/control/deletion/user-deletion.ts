import { setTimeout as sleep } from 'node:timers/promises';
import { eraseFreeSpace } from '../../data/database/dialect.ts';
import { removeUserList } from '../../data/deletion/user-lists.ts';
import { removableObjects } from '../../data/objects/unreferenced-objects.ts';
import type { Progress } from '../../util/progress.ts';
import type { Context } from '../context.ts';
import { type Dataset, datasetKind } from '../datasets/dataset-kind.ts';
import type { Job, JobHandler } from '../jobs/job.ts';
import { resourceOf } from '../jobs/job-resource.ts';
import { changeResource, selectResources } from '../resources/resource-store.ts';
import { type DataDeletionJob, dataDeletionJobKind } from './data-deletion-job-kind.ts';
import { type DeletionWork, forgetInDataset } from './forget-in-dataset.ts';
import { forgetInModels } from './forget-in-models.ts';
import { forgetInReports } from './forget-in-reports.ts';
import { lookEveryMs } from './hidden-users.ts';
import { keepListOfUsers } from './list-of-users.ts';
import { earlierImportsEnded, earlierWorkEnded } from './unfinished-work.ts';

/**
 * Deletes users from all that a dataset group has. Each step can be done again: what is gone already is not found
 * again, so an attempt that was killed is followed by one that completes it.
 */
export function userDeletion(context: Context): JobHandler {
  return {
    async run(job, progress) {
      const deletion = await job.transaction((tx) => resourceOf(tx, dataDeletionJobKind, job));
      if (!deletion.document.isForgotten) await forgetUsers(context, job, deletion, progress);
      progress.report(0.95, 'clearing free space of the database');
      await eraseFreeSpace(context.database, context.dialect);
      return {
        async commit(tx) {
          await changeResource(tx, await resourceOf(tx, dataDeletionJobKind, job), { status: 'COMPLETED' });
        },
      };
    },
    async fail(tx, job, failureReason) {
      await removeUserList(tx.db, job.resourceArn);
      const deletion = await resourceOf(tx, dataDeletionJobKind, job);
      await changeResource(tx, deletion, { status: 'FAILED', document: { failureReason } });
    },
  };
}

/** Ends when nothing holds the users any more but free space of the database. */
async function forgetUsers(context: Context, job: Job, present: DataDeletionJob, progress: Progress): Promise<void> {
  const { hidden } = context.answers;
  const { signal } = progress;
  const deletion = await hideUsers(context, job, present, progress);
  const work: DeletionWork = { context, job, progress, deletion, users: hidden.of(deletion.arn), signal };
  progress.report(0.1, 'waiting for imports that came before');
  await earlierImportsEnded(work);
  progress.report(0.2, 'deleting from datasets');
  for (const dataset of await datasetsOf(context, deletion)) {
    if (holdsUsers(dataset)) await forgetInDataset(work, dataset);
  }
  progress.report(0.5, 'deleting from models');
  await forgetInModels(work);
  await forgetInReports(work);
  progress.report(0.7, 'waiting for jobs that began before');
  await earlierWorkEnded(work);
  progress.report(0.9, 'deleting from memory');
  await hidden.forget(deletion.arn);
  await objectsRemoved(context, job, signal);
  await job.transaction(async (tx) => {
    await removeUserList(tx.db, deletion.arn);
    await changeResource(tx, await resourceOf(tx, dataDeletionJobKind, job), { document: { isForgotten: true } });
  });
  await hidden.look();
}

/** From its end on, no process answers from what the users did. */
async function hideUsers(
  context: Context,
  job: Job,
  deletion: DataDeletionJob,
  progress: Progress,
): Promise<DataDeletionJob> {
  const { hidden } = context.answers;
  if (deletion.status === 'PENDING') await keepListOfUsers(context, job, deletion, progress);
  await hidden.look();
  if (deletion.status !== 'PENDING') return deletion;
  // Other nodes look by themselves.
  if (context.dialect === 'postgres') await sleep(3 * lookEveryMs, undefined, { signal: progress.signal });
  return await job.transaction(async (tx) =>
    changeResource(tx, await resourceOf(tx, dataDeletionJobKind, job), { status: 'IN_PROGRESS' }),
  );
}

async function datasetsOf({ database }: Context, { parent, account, region }: DataDeletionJob): Promise<Dataset[]> {
  return await selectResources(database, datasetKind, { account, region, parent: parent ?? '' });
}

const holdsUsers = ({ document: { datasetType } }: Dataset) =>
  datasetType === 'INTERACTIONS' || datasetType === 'USERS' || datasetType === 'ACTION_INTERACTIONS';

/** Files that nothing refers to any more are removed in the background: waits for those that there are now. */
async function objectsRemoved({ database, log }: Context, job: Job, signal: AbortSignal): Promise<void> {
  const before = new Set(await removableObjects(database));
  for (let tries = 0; ; tries++) {
    const left = (await removableObjects(database)).filter((name) => before.has(name));
    if (left.length === 0) return;
    if (tries === mostTries) throw new Error(`${left.length} objects such as ${left[0]} could not be removed.`);
    if (tries % 10 === 9) log.info({ resource: job.resourceArn, objects: left.length }, 'Files are being removed.');
    // Each transaction has the removal look again.
    await job.transaction(async () => {});
    await sleep(removalMs, undefined, { signal });
  }
}

const removalMs = 200;
const mostTries = 300;
