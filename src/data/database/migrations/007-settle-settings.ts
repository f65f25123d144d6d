import type { Transaction } from 'kysely';
import type { Tables } from '../tables.ts';

const settingsKinds = ['dataset-group', 'dataset', 'event-tracker', 'solution'];
const formerJobs = [
  ...settingsKinds.map((kind) => `create-${kind}`),
  ...[...settingsKinds, 'campaign'].map((kind) => `delete-${kind}`),
];

/**
 * Since this format what is nothing but settings is ACTIVE at once, and deletions are done at once: ends those that an
 * earlier release has begun. Import jobs go with their dataset, and a dataset's own status shows the replacement of its
 * schema.
 */
export async function settleSettings(trx: Transaction<Tables>): Promise<void> {
  await trx.deleteFrom('jobs').where('kind', 'in', formerJobs).execute();
  await trx
    .updateTable('resources')
    .set({ status: 'ACTIVE' })
    .where('kind', 'in', settingsKinds)
    .where('status', 'in', ['CREATE PENDING', 'CREATE IN_PROGRESS'])
    .execute();
  await finishDeletions(trx);
  await removeImportsOfFormerDatasets(trx);
  await showReplacements(trx);
}

async function finishDeletions(trx: Transaction<Tables>): Promise<void> {
  const deleted = await trx
    .selectFrom('resources')
    .select('arn')
    .where('status', 'in', ['DELETE PENDING', 'DELETE IN_PROGRESS'])
    .execute();
  for (const { arn } of deleted) {
    const versions = await trx
      .selectFrom('resources')
      .select(['arn', 'document'])
      .where('parent', '=', arn)
      .where('kind', '=', 'solution-version')
      .execute();
    for (const version of versions) {
      const { prefix }: { prefix: string } = JSON.parse(version.document);
      await noteUnreferenced(trx, prefix);
      await remove(trx, version.arn);
    }
    const files = await trx.selectFrom('dataset_files').select('key').where('dataset_arn', '=', arn).execute();
    for (const { key } of files) await noteUnreferenced(trx, key);
    await trx.deleteFrom('dataset_files').where('dataset_arn', '=', arn).execute();
    await trx.deleteFrom('record_log').where('dataset_arn', '=', arn).execute();
    await remove(trx, arn);
  }
}

async function noteUnreferenced(trx: Transaction<Tables>, name: string): Promise<void> {
  await trx
    .insertInto('unreferenced_objects')
    .values({ name, job_id: null, created_at: 0 })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
}

async function remove(trx: Transaction<Tables>, arn: string): Promise<void> {
  await trx.deleteFrom('jobs').where('resource_arn', '=', arn).execute();
  await trx.deleteFrom('resources').where('arn', '=', arn).execute();
}

/** A dataset is older than its import jobs; those that are older than it were of another one of its name. */
async function removeImportsOfFormerDatasets(trx: Transaction<Tables>): Promise<void> {
  await trx
    .deleteFrom('resources')
    .where('kind', '=', 'dataset-import-job')
    .where('status', 'in', ['ACTIVE', 'CREATE FAILED'])
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('resources as dataset')
            .select('dataset.arn')
            .where('dataset.kind', '=', 'dataset')
            .whereRef('dataset.arn', '=', 'resources.parent')
            .whereRef('dataset.sequence', '<', 'resources.sequence'),
        ),
      ),
    )
    .execute();
}

async function showReplacements(trx: Transaction<Tables>): Promise<void> {
  const datasets = await trx
    .selectFrom('resources')
    .select(['arn', 'document'])
    .where('kind', '=', 'dataset')
    .execute();
  for (const { arn, document } of datasets) {
    const { latestUpdate }: { latestUpdate?: { status: string } } = JSON.parse(document);
    if (latestUpdate?.status !== 'UPDATE PENDING' && latestUpdate?.status !== 'UPDATE IN_PROGRESS') continue;
    await trx.updateTable('resources').set({ status: latestUpdate.status }).where('arn', '=', arn).execute();
  }
}
