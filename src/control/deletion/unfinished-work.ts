import { setTimeout as sleep } from 'node:timers/promises';
import { datasetImportJobKind } from '../datasets/dataset-import-job-kind.ts';
import { unfinishedStatuses } from '../resources/lifecycle.ts';
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
