import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startPostgres } from '../../test/support/postgres.ts';
import { type OpenDatabase, openDatabase } from '../data/database/database.ts';
import { settleSettings } from '../data/database/migrations/007-settle-settings.ts';
import { datasetFiles } from '../data/manifest.ts';
import { arnFor, itemsSchema, openBench, recipeArn, steps, withData } from './control.fixture.ts';

const folder = await mkdtemp(join(tmpdir(), 'earlier-release-'));
const postgres = await startPostgres();
afterAll(async () => {
  await postgres?.stop();
  await rm(folder, { recursive: true });
});

const databases = [
  { name: 'SQLite', open: () => openDatabase({ file: join(folder, 'database') }) },
  ...(postgres
    ? [{ name: 'PostgreSQL', open: async () => openDatabase({ url: await postgres.freshDatabase() }) }]
    : []),
];

/** Leaves a resource as an earlier release did that was killed at this status. */
async function leaveAt({ database }: OpenDatabase, arn: string, status: string, job: string): Promise<void> {
  await database.updateTable('resources').set({ status }).where('arn', '=', arn).execute();
  const waits = { owner: null, lease_expires_at: null, attempts: 0, cancel_requested: 0, not_before: 0, created_at: 0 };
  await database
    .insertInto('jobs')
    .values({ kind: job, resource_arn: arn, serial_key: null, ...waits })
    .execute();
}

describe.each(databases)('on $name', ({ name, open }) => {
  it('ends the creations and deletions that an earlier release had begun', async () => {
    const opened = await open();
    const home = join(folder, name);
    const before = await openBench({ home, database: opened });
    const { group, dataset } = await withData(before);
    const step = steps(before);
    const kept = await step.solution(group, 'kept');
    const gone = await step.solution(group, 'gone');
    const version = await step.version(gone);
    const served = await step.version(kept);
    const campaign = await step.campaign(served);
    const items = await step.dataset(group, await step.schema('items', itemsSchema()), 'Items');
    const wider = await step.schema('wider', itemsSchema({ name: 'YEAR', type: ['null', 'int'] }));
    const tracker = await before.call('CreateEventTracker', { name: 'clicks', datasetGroupArn: group });
    await before.control.stop();

    await before.call('UpdateDataset', { datasetArn: items, schemaArn: wider });
    await opened.database.updateTable('resources').set({ status: 'ACTIVE' }).where('arn', '=', items).execute();
    await opened.database.deleteFrom('jobs').where('kind', '=', 'begin-automatic-training').execute();
    await leaveAt(opened, group, 'CREATE IN_PROGRESS', 'create-dataset-group');
    await leaveAt(opened, kept, 'CREATE PENDING', 'create-solution');
    await leaveAt(opened, tracker.eventTrackerArn ?? '', 'CREATE PENDING', 'create-event-tracker');
    await leaveAt(opened, dataset, 'DELETE IN_PROGRESS', 'delete-dataset');
    await leaveAt(opened, gone, 'DELETE PENDING', 'delete-solution');
    await leaveAt(opened, campaign, 'DELETE PENDING', 'delete-campaign');
    await opened.database.transaction().execute((trx) => settleSettings(trx));

    const after = await openBench({ home, database: opened });
    const { datasetGroups } = await after.call('ListDatasetGroups', {});
    expect(datasetGroups?.map(({ status }) => status)).toEqual(['ACTIVE']);
    const { solutions } = await after.call('ListSolutions', {});
    expect(solutions?.map((solution) => `${solution.name} ${solution.status}`)).toEqual(['kept ACTIVE']);
    const { eventTrackers } = await after.call('ListEventTrackers', {});
    expect(eventTrackers?.map(({ status }) => status)).toEqual(['ACTIVE']);
    for (const arn of [dataset, gone, version, campaign, arnFor('dataset-import-job/first')]) {
      expect(await after.settled(arn)).toBe('gone');
    }
    expect(await after.settled(items)).toBe('ACTIVE');
    expect((await after.call('DescribeDataset', { datasetArn: items })).dataset?.schemaArn).toBe(wider);
    const jobs = await opened.database.selectFrom('jobs').select(['kind', 'resource_arn']).execute();
    expect(jobs).toEqual([
      { kind: 'update-solution-version', resource_arn: served },
      { kind: 'begin-automatic-training', resource_arn: kept },
    ]);

    const again = await steps(after).dataset(group, arnFor('schema/interactions'));
    await steps(after).imported(again);
    expect((await after.call('ListDatasetImportJobs', { datasetArn: again })).datasetImportJobs).toHaveLength(1);
    await after.call('CreateSolution', { name: 'gone', datasetGroupArn: group, recipeArn: recipeArn('aws-sims') });
    await after.close();
    const stored: string[] = [];
    for await (const { key } of after.parts.store.list('datasets/')) stored.push(key);
    expect(stored).toEqual((await datasetFiles(opened.database, again)).map(({ key }) => key));
    await opened.close();
  });

  it('leaves to a dataset the import jobs that are its own', async () => {
    const opened = await openDatabase({ file: join(folder, `${name}-imports`) });
    const bench = await openBench({ home: join(folder, `${name}-imports-home`), database: opened });
    const { dataset } = await withData(bench);
    const first = arnFor('dataset-import-job/first');
    const former = { arn: arnFor('dataset-import-job/former'), name: 'former' };
    const row = await opened.database
      .selectFrom('resources')
      .selectAll()
      .where('arn', '=', first)
      .executeTakeFirstOrThrow();
    const { sequence: _, ...job } = row;
    await opened.database
      .insertInto('resources')
      .values({ ...job, ...former, sequence: 0 })
      .execute();
    await opened.database.transaction().execute((trx) => settleSettings(trx));
    const { datasetImportJobs } = await bench.call('ListDatasetImportJobs', { datasetArn: dataset });
    expect(datasetImportJobs?.map(({ jobName }) => jobName)).toEqual(['first']);
    await bench.close();
    await opened.close();
  });
});
