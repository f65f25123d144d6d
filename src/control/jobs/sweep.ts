import { mkdir, rm } from 'node:fs/promises';
import { isUnsettled } from '../lifecycle.ts';
import type { Parts } from '../parts.ts';
import type { Documents } from '../resource.ts';
import { compactionPrefix } from './compaction.ts';

/** Empties the folder of unfinished work: nothing of a former process is at work any more. */
export async function clearWorkFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
}

/**
 * Removes data and models of the store that belong to no dataset, no solution version and no work that is still going on:
 * what a crash left between the end of some work and its commit, or between a commit and its clearing up.
 * Looking at the store first and at the database then keeps what is being finished meanwhile.
 */
export async function sweepStore({ database, store, log }: Pick<Parts, 'database' | 'store' | 'log'>): Promise<void> {
  const stored: string[] = [];
  for (const root of ['datasets/', 'models/']) {
    for await (const { key } of store.list(root)) stored.push(key);
  }
  // In this order: work that ends meanwhile has its files in the manifest by then.
  const prefixes = await livePrefixes(database);
  const files = await database.selectFrom('dataset_files').select('key').execute();
  const kept = new Set(files.map(({ key }) => key));
  const orphans = stored.filter((key) => !kept.has(key) && !prefixes.some((prefix) => key.startsWith(prefix)));
  for (const key of orphans) await store.remove(key);
  if (orphans.length > 0) log.info({ objects: orphans.length }, 'Left-over objects were cleared away.');
}

/** Prefixes below which finished models lie or work may still be writing. */
async function livePrefixes(database: Parts['database']): Promise<string[]> {
  const rows = await database
    .selectFrom('resources')
    .select(['arn', 'status', 'document'])
    .where('kind', 'in', ['dataset-import-job', 'solution-version'])
    .execute();
  const jobs = await database.selectFrom('jobs').select(['id', 'resource_arn']).execute();
  const busy = new Set(jobs.map(({ resource_arn }) => resource_arn));
  const ofJobs = jobs.map(({ id }) => compactionPrefix(id));
  const ofResources = rows.flatMap(({ arn, status, document }) => {
    const { prefix, model, update, superseded }: Partial<Documents['solution-version']> = JSON.parse(document);
    const live = isUnsettled(status) || busy.has(arn) ? [prefix] : [model, update?.model, superseded?.model];
    return live.filter((each) => each !== undefined);
  });
  return [...ofJobs, ...ofResources];
}
