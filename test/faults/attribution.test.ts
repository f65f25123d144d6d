import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { uniforms } from '../../src/learn/kernels/random.ts';
import { active, clients } from '../support/personalize.ts';
import { startServerProcess } from '../support/server.ts';

// The server is killed without warning while an import is counted and its report is written. KILL_SEED=7 kills at other
// moments.
const random = uniforms(Number(process.env.KILL_SEED ?? 1));
const kills = 5;
const roleArn = 'arn:aws:iam::000000000000:role/PersonalizeRole';

const schema = JSON.stringify({
  ...{ type: 'record', name: 'Interactions', namespace: 'com.amazonaws.personalize.schema', version: '1.0' },
  fields: [
    ...['USER_ID', 'ITEM_ID', 'EVENT_TYPE'].map((name) => ({ name, type: 'string' })),
    { name: 'TIMESTAMP', type: 'long' },
  ],
});

test('an import that is killed again and again counts once, and leaves one report', async () => {
  await using opened = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), 'openpersonalize-attribution-'));
  opened.defer(() => rm(home, { recursive: true, force: true }));
  let server = await startServerProcess({ home });
  opened.defer(async () => void (await server.stop()));
  const { personalize } = clients(server.url);
  const { datasetGroupArn = '' } = await personalize.createDatasetGroup({ name: 'shop' });
  const { schemaArn = '' } = await personalize.createSchema({ name: 'events', schema });
  const of = { name: 'data', datasetGroupArn, schemaArn, datasetType: 'Interactions' };
  const { datasetArn = '' } = await personalize.createDataset(of);
  const now = Math.floor(Date.now() / 1000);
  const rows = Array.from({ length: 300_000 }, (_, n) => `u${n},i${n % 100},click,${now - (n % 86_400)}`);
  for (const name of ['data', 'reports']) await mkdir(join(server.buckets, name), { recursive: true });
  const header = 'USER_ID,ITEM_ID,EVENT_TYPE,TIMESTAMP';
  await writeFile(join(server.buckets, 'data', 'first.csv'), [header, ...rows.slice(0, 1000), ''].join('\n'));
  await writeFile(join(server.buckets, 'data', 'more.csv'), [header, ...rows, ''].join('\n'));
  const created = async (jobName: string, more: object) => {
    const dataSource = { dataLocation: `s3://data/${jobName}.csv` };
    const asked = { jobName, datasetArn, roleArn, dataSource, ...more };
    return (await clients(server.url).personalize.createDatasetImportJob(asked)).datasetImportJobArn ?? '';
  };
  const becomesActive = async (datasetImportJobArn: string) => {
    const { personalize: asked } = clients(server.url);
    await active(async () => (await asked.describeDatasetImportJob({ datasetImportJobArn })).datasetImportJob);
  };
  await becomesActive(await created('first', {}));
  const { metricAttributionArn = '' } = await personalize.createMetricAttribution({
    ...{ name: 'shop', datasetGroupArn },
    metrics: [{ eventType: 'click', metricName: 'clicks', expression: 'SAMPLECOUNT()' }],
    metricsOutputConfig: { roleArn, s3DataDestination: { path: 's3://reports/' } },
  });
  await active(async () => (await personalize.describeMetricAttribution({ metricAttributionArn })).metricAttribution);
  const job = await created('more', { importMode: 'INCREMENTAL', publishAttributionMetricsToS3: true });
  for (let kill = 0; kill < kills; kill++) {
    await sleep(1500 * random());
    await server.kill('SIGKILL');
    server = await startServerProcess({ home });
  }
  await becomesActive(job);
  const reports = async () =>
    (await readdir(join(server.buckets, 'reports'))).filter((name) => name.startsWith('Aggregated'));
  await expect.poll(async () => (await reports()).length).toBe(1);
  const [name = ''] = await reports();
  const lines = (await readFile(join(server.buckets, 'reports', name), 'utf8')).trim().split('\n').slice(1);
  const counts = lines.map((line) => Number(line.split(',')[2]));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(rows.length);
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const shown = text.split('\n').find((line) => line.startsWith('openpersonalize_attribution_metric_value{'));
  expect(Number(shown?.split(' ').at(-1))).toBe(rows.length);
  expect(await reports()).toEqual([name]);
});
