import { setTimeout as sleep } from 'node:timers/promises';
import type { Views } from '../context.ts';
import { datasetKind } from '../datasets/dataset-kind.ts';
import type { LastAnswers } from '../deployments/last-answers.ts';
import type { ControlParts } from '../parts.ts';
import type { HiddenList } from './hidden-users.ts';

/** By then no cached deployment names a model that was exchanged on another node. */
const cachedMs = 2500;

type MemoryParts = Pick<ControlParts, 'database' | 'dialect'> & { readonly views: Views; readonly last: LastAnswers };

/** Has this process forget users of a dataset group who are in no file any more. */
export async function forgetInMemory(
  { database, dialect, views, last }: MemoryParts,
  { datasetGroupArn, has }: HiddenList,
): Promise<void> {
  const rows = await database
    .selectFrom('resources')
    .select('arn')
    .where('parent', '=', datasetGroupArn)
    .where('kind', '=', datasetKind.name)
    .execute();
  const datasets = rows.map(({ arn }) => arn);
  if (dialect === 'postgres') await sleep(cachedMs);
  await views.keeper.refresh((arn) => datasets.includes(arn));
  last.forget(datasets, has);
}
