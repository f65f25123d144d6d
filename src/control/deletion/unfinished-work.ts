import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../data/database/database.ts';
import { datasetImportJobKind } from '../datasets/dataset-import-job-kind.ts';
import { isUnsettled, unfinishedStatuses } from '../resources/lifecycle.ts';
import { allResources } from '../resources/resource-store.ts';
import { dataDeletionJobKind } from './data-deletion-job-kind.ts';
import type { DeletionWork } from './forget-in-dataset.ts';

const waitMs = 250;

/** Imports that were created before the job bring what is deleted; those that were created later bring new data. */
export async function earlierImportsEnded({ context: { database }, deletion, signal }: DeletionWork): Promise<void> {
  const unfinished = () =>
    database
      .selectFrom('resources')
      .innerJoin('resources as datasets', 'datasets.arn', 'resources.parent')
      .select('resources.arn')
      .where('resources.kind', '=', datasetImportJobKind.name)
      .where('resources.status', 'in', unfinishedStatuses(datasetImportJobKind.life))
      .where('resources.sequence', '<', deletion.sequence)
      .where('datasets.parent', '=', deletion.parent)
      .limit(1)
      .executeTakeFirst();
  while (await unfinished()) await sleep(waitMs, undefined, { signal });
}

/**
 * Batch jobs, exports and deployments that were created before this moment may have private copies of what held the
 * users; they are gone when the work has ended. Trainings have begun again, and deletions and imports take turns.
 */
export async function earlierWorkEnded(work: DeletionWork): Promise<void> {
  const { context, deletion, signal } = work;
  const { database, kinds, owners } = context;
  const { account, region } = deletion;
  const models = new Set((await owners.models.all(database, { account, region })).map(({ owner }) => owner.kind.name));
  const left = [dataDeletionJobKind.name, datasetImportJobKind.name, ...models];
  const waitedFor = kinds.filter(({ name }) => !left.includes(name));
  const newest = await database
    .selectFrom('resources')
    .select('sequence')
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  for (;;) {
    const arns = await arnsOfGroup(database, deletion.parent ?? '');
    const unfinished = (await allResources(database, waitedFor)).some(
      ({ arn, status, document, sequence, parent }) =>
        sequence <= newest.sequence &&
        (arns.has(arn) || arns.has(parent ?? '')) &&
        (isUnsettled(status) || isUnsettled(document.latestUpdate?.status)),
    );
    if (!unfinished) return;
    await sleep(waitMs, undefined, { signal });
  }
}

/** A dataset group and all that belongs to it, directly or not. */
export async function arnsOfGroup(database: Database, datasetGroupArn: string): Promise<ReadonlySet<string>> {
  const arns = new Set([datasetGroupArn]);
  for (let parents = [datasetGroupArn]; parents.length > 0; ) {
    const rows: { arn: string }[] = [];
    for (let start = 0; start < parents.length; start += 1000) {
      const some = parents.slice(start, start + 1000);
      rows.push(...(await database.selectFrom('resources').select('arn').where('parent', 'in', some).execute()));
    }
    parents = rows.map(({ arn }) => arn).filter((arn) => !arns.has(arn));
    for (const arn of parents) arns.add(arn);
  }
  return arns;
}
