import { clearDataset } from '../../data/datasets.ts';
import { noteUnreferenced } from '../../data/unreferenced-objects.ts';
import type { Change } from '../change.ts';
import type { DeletableKind } from '../deletion.ts';
import type { Context } from '../parts.ts';
import { changeResource, removeResource, selectResources } from '../resource-store.ts';
import type { Job, JobKind } from './job.ts';
import { removeJobsOf } from './queue.ts';
import { subjectOf } from './subject.ts';

export const datasetGroupDeletion = (): JobKind => deletionOf('dataset-group', async () => async () => {});

/** What came by way of the tracker stays. */
export const eventTrackerDeletion = ({ trackers }: Context): JobKind =>
  deletionOf('event-tracker', async (_change, job) => async () => trackers.forget(job.resourceArn));

/** A dataset goes with its data. Import jobs stay, as records of what was done. */
export const datasetDeletion = ({ datasets }: Context): JobKind =>
  deletionOf('dataset', async (change, job) => {
    const files = await clearDataset(change.trx, job.resourceArn);
    const keys = files.map(({ key }) => key);
    await noteUnreferenced(change.trx, keys, change.now);
    return async () => datasets.forget(job.resourceArn);
  });

/** A solution goes with its versions and their models. */
export const solutionDeletion = (): JobKind =>
  deletionOf('solution', async (change, job) => {
    const { account, region } = await subjectOf(change, 'solution', job);
    const versions = await selectResources(change.trx, 'solution-version', {
      account,
      region,
      parent: job.resourceArn,
    });
    for (const { arn } of versions) {
      await removeJobsOf(change, arn);
      await removeResource(change, arn);
    }
    const prefixes = versions.map(({ document }) => document.prefix);
    await noteUnreferenced(change.trx, prefixes, change.now);
    return async () => {};
  });

export const campaignDeletion = ({ serving, campaigns }: Context): JobKind =>
  deletionOf('campaign', async (_change, job) => async () => {
    campaigns.forget(job.resourceArn);
    serving.release(job.resourceArn);
  });

/**
 * Removes a resource. `removeContent` takes along what the database holds of it, in the same transaction, and answers
 * what else is to be cleared away after that.
 */
function deletionOf(
  kind: DeletableKind,
  removeContent: (change: Change, job: Job) => Promise<() => Promise<void>>,
): JobKind {
  return {
    lane: 'quick',
    async run(job) {
      await job.change(async (change) => {
        await changeResource<DeletableKind>(change, await subjectOf(change, kind, job), {
          status: 'DELETE IN_PROGRESS',
        });
      });
      let clearAway = async () => {};
      return {
        async commit(change) {
          clearAway = await removeContent(change, job);
          await removeResource(change, job.resourceArn);
        },
        afterwards: () => clearAway(),
      };
    },
    async fail(change, job, failureReason) {
      const resource = await subjectOf(change, kind, job);
      await changeResource<DeletableKind>(change, resource, { status: 'CREATE FAILED', document: { failureReason } });
    },
  };
}
