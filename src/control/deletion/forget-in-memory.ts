import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { runDeletionTask } from '../../learn/forgetting/run-deletion-task.ts';
import type { Views } from '../context.ts';
import { datasetKind } from '../datasets/dataset-kind.ts';
import type { LastAnswers } from '../deployments/last-answers.ts';
import type { Owners } from '../owners.ts';
import type { ControlParts } from '../parts.ts';
import type { HiddenList } from './hidden-users.ts';
import { listFiles } from './list-files.ts';

/** By then no cached deployment names a model that was exchanged on another node. */
const cachedMs = 2500;

type MemoryParts = Pick<ControlParts, 'database' | 'dialect' | 'workFolder' | 'propensities'> & {
  readonly views: Views;
  readonly last: LastAnswers;
  readonly owners: Owners;
};

/** Has this process forget users of a dataset group who are in no file any more. */
export async function forgetInMemory(parts: MemoryParts, list: HiddenList): Promise<void> {
  const { database, dialect, views, last } = parts;
  const { datasetGroupArn, has } = list;
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
  await forgetPropensities(parts, list);
}

/** Files of answers that were explored are this machine's alone. */
async function forgetPropensities(parts: MemoryParts, list: HiddenList): Promise<void> {
  const { propensities, owners, database } = parts;
  if (!propensities) return;
  await propensities.flushed();
  const ownerArns: string[] = [];
  for (const { owner, modelOwnerArn } of await owners.deployments.all(database)) {
    const { plan } = (await owners.models.find(database, modelOwnerArn)) ?? {};
    if (plan?.datasetGroupArn === list.datasetGroupArn) ownerArns.push(owner.arn);
  }
  await using users = await listFiles(parts, list, `propensities-${randomUUID()}`);
  const progress = { report: () => {}, signal: new AbortController().signal };
  await runDeletionTask('forgetPropensities', { folder: propensities.folder, users: users.files, ownerArns }, progress);
}
