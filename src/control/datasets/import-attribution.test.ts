import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { importCsv } from '../../data/import/import-csv.ts';
import { attribute, roleArn, shop, totals } from '../attribution/attribution.fixture.ts';
import { arnFor, type Bench, openBench } from '../control.fixture.ts';

let bench: Bench;
let group: string;
let dataset: string;
let items: string;
beforeEach(async () => {
  bench = await openBench({ importCsv });
  ({ group, dataset, items } = await shop(bench));
  await mkdir(join(bench.home, 'buckets', 'reports'), { recursive: true });
});
afterEach(() => bench.close());

const time = 1_700_000_100;
const window = Math.floor(time / 900) * 900;
const header = 'USER_ID,ITEM_ID,EVENT_TYPE,TIMESTAMP,EVENT_VALUE,QUANTITY,RECOMMENDATION_ID,EVENT_ATTRIBUTION_SOURCE';
const place = { metricsOutputConfig: { roleArn, s3DataDestination: { path: 's3://reports/weekly' } } };

async function imported(name: string, rows: readonly string[], more: object = {}, of = dataset, head = header) {
  await writeFile(join(bench.home, 'buckets', 'data', `${name}.csv`), `${[head, ...rows].join('\n')}\n`);
  const dataSource = { dataLocation: `s3://data/${name}.csv` };
  await bench.call('CreateDatasetImportJob', { jobName: name, datasetArn: of, dataSource, ...more });
  expect(await bench.settled(arnFor(`dataset-import-job/${name}`))).toBe('ACTIVE');
}

async function reports(): Promise<string[]> {
  const folder = join(bench.home, 'buckets', 'reports', 'weekly');
  const names = (await readdir(folder)).filter((name) => name.startsWith('Aggregated')).sort();
  return await Promise.all(names.map(async (name) => await readFile(join(folder, name), 'utf8')));
}

const rows = [
  `u1,a,click,${time},,,,`,
  `u1,a,click,${time},,,,`,
  `u1,a,Click,${time + 1000},,,,"email, weekly"`,
  `u2,a,purchase,${time},2.5,3,,email`,
  `u3,b,PURCHASE,${time + 5},,1,,email`,
  `u3,b,view,${time},,,,email`,
];

const lines = [
  'METRIC_NAME,EVENT_TYPE,VALUE,MATH_FUNCTION,EVENT_ATTRIBUTION_SOURCE,TIMESTAMP',
  `CLICKS,CLICK,1.0,samplecount,SOURCE_NAME_UNDEFINED,${window}`,
  `CLICKS,CLICK,1.0,samplecount,"email, weekly",${window + 900}`,
  `QUANTITY,PURCHASE,4.0,sum,email,${window}`,
  `REVENUE,PURCHASE,9.75,sum,email,${window}`,
];

it('writes a report of the rows of an import into the path, to the letter, and says that it does', async () => {
  await imported('prices', ['a,x,9.75', 'c,x,1'], {}, items, 'ITEM_ID,GENRES,PRICE');
  await attribute(bench, group, place);
  await imported('first', rows, { publishAttributionMetricsToS3: true });
  expect(await reports()).toEqual([`${lines.join('\n')}\n`]);
  const names = await readdir(join(bench.home, 'buckets', 'reports', 'weekly'));
  expect(names.sort()).toEqual([
    expect.stringMatching(/^AggregatedAttributionMetrics - FULL - \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\.csv$/),
    '_CHECK',
  ]);
  const { datasetImportJob } = await bench.call('DescribeDatasetImportJob', {
    datasetImportJobArn: arnFor('dataset-import-job/first'),
  });
  expect(datasetImportJob?.publishAttributionMetricsToS3).toBe(true);
  // What replaces the data is no more of it.
  expect(await totals(bench)).toEqual({});
  const left = await bench.parts.database.selectFrom('unreferenced_objects').selectAll().execute();
  expect(left.filter(({ name }) => !name.includes('attribution.csv'))).toEqual([]);
});

it('adds the rows of an INCREMENTAL import to the counts, and writes a report where it is asked for', async () => {
  await imported('first', rows);
  await attribute(bench, group, place);
  const recent = Math.floor(Date.now() / 1000) - 86_400;
  await imported('more', [`u9,a,click,${recent},,,,`, `u9,a,click,0,,,,`], { importMode: 'INCREMENTAL' });
  expect(await totals(bench)).toEqual({ '1 undefined': 1 });
  expect(await readdir(join(bench.home, 'buckets', 'reports', 'weekly'))).toEqual(['_CHECK']);
  const publish = { importMode: 'INCREMENTAL', publishAttributionMetricsToS3: true };
  await imported('again', [`u9,a,click,${recent},,,,shop`], publish);
  expect(await totals(bench)).toEqual({ '1 undefined': 1, '1 shop': 1 });
  expect((await reports())[0]?.split('\n')[1]).toBe(
    `CLICKS,CLICK,1.0,samplecount,shop,${Math.floor(recent / 900) * 900}`,
  );
});

it('stays ACTIVE where there is nowhere to write a report', async () => {
  await imported('first', rows, { publishAttributionMetricsToS3: true });
  await attribute(bench, group);
  await imported('second', rows, { publishAttributionMetricsToS3: true });
  expect(await totals(bench)).toEqual({});
});
