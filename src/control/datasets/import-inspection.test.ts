import { afterEach, beforeEach, expect, it } from 'vitest';
import { BadRowsError, type ListedProblem } from '../../data/import/bad-rows.ts';
import { arnFor, type Bench, openBench, refusal, steps, withData } from '../control.fixture.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

const problem = (line: number): ListedProblem => ({
  uri: 's3://data/rows.csv',
  line,
  column: 'TIMESTAMP',
  value: 'soon',
  rule: 'it must be a whole number',
  outcome: 'row left out',
});
const inspect = (request: { job?: string; dataset?: string; limit?: number } = {}) =>
  bench.call('ListImports', request);

it('shows the newest imports, how many rows they had, and what was wrong with them', async () => {
  const { dataset } = await withData(bench);
  const problems = [problem(2), problem(5)];
  Object.assign(bench.report, { rows: 500, rowsLeftOut: 2, valuesMissing: 0, problems });
  await steps(bench).imported(dataset, 'second');
  const { imports } = await inspect();
  expect(imports).toMatchObject([
    {
      datasetImportJobArn: arnFor('dataset-import-job/second'),
      datasetArn: dataset,
      status: 'ACTIVE',
      rows: 500,
      rowsLeftOut: 2,
      valuesMissing: 0,
      problems,
    },
    { datasetImportJobArn: arnFor('dataset-import-job/first'), rows: 1, rowsLeftOut: 0, problems: [] },
  ]);
  expect(await inspect({ dataset, limit: 1 })).toMatchObject({ imports: [{ problems: [problem(2)] }, {}] });
  expect((await inspect({ job: arnFor('dataset-import-job/first') })).imports).toHaveLength(1);
  expect(bench.logged.join()).toContain('An import has bad rows');

  const { database } = bench.parts;
  const kept = () => database.selectFrom('import_problems').select('import_job_arn').execute();
  expect(await kept()).toHaveLength(1);
  await database.deleteFrom('resources').where('arn', '=', arnFor('dataset-import-job/second')).execute();
  expect(await kept()).toEqual([]);
});

it('shows nothing of another account', async () => {
  const { dataset } = await withData(bench);
  const job = arnFor('dataset-import-job/first');
  const other = { account: '210987654321' };
  expect(await bench.call('ListImports', {}, other)).toEqual({ imports: [] });
  expect(await refusal(bench.call('ListImports', { job }, other))).toBe(
    `InvalidInputException: There is no dataset import job ${job}: give its ARN.`,
  );
  expect(await refusal(bench.call('ListImports', { dataset }, other))).toBe(
    `InvalidInputException: There is no dataset ${dataset}: give its ARN.`,
  );
});

it('shows also what was wrong with an import that failed', async () => {
  const { dataset } = await withData(bench);
  bench.importing.hold();
  const [jobName, dataSource] = ['bad', { dataLocation: 's3://data/rows.csv' }];
  await bench.call('CreateDatasetImportJob', { jobName, datasetArn: dataset, dataSource });
  const report = { rows: 3, rowsLeftOut: 3, valuesMissing: 0, problems: [problem(2), problem(3), problem(4)] };
  bench.importing.release(new BadRowsError('3 rows of the input are not valid.', report));
  expect(await bench.settled(arnFor('dataset-import-job/bad'))).toBe('CREATE FAILED');
  expect((await inspect({ job: arnFor('dataset-import-job/bad') })).imports).toMatchObject([
    { status: 'CREATE FAILED', failureReason: '3 rows of the input are not valid.', ...report },
  ]);
});

it('says so where there is no such job or dataset', async () => {
  expect(await inspect()).toEqual({ imports: [] });
  expect(await refusal(inspect({ job: 'none' }))).toBe(
    'InvalidInputException: There is no dataset import job none: give its ARN.',
  );
  expect(await refusal(inspect({ dataset: 'no\0ne' }))).toContain('There is no dataset');
});
