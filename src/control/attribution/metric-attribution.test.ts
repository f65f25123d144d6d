import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MetricsRefused } from '../../data/attribution/metric-sink.ts';
import { arnFor, type Bench, openBench, refusal, steps } from '../control.fixture.ts';
import { attribute, attributionArn, metrics, roleArn, shop } from './attribution.fixture.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

const output = { roleArn };
const metricsOf = async () =>
  (await bench.call('ListMetricAttributionMetrics', { metricAttributionArn: attributionArn })).metrics;
const describeIt = async () =>
  (await bench.call('DescribeMetricAttribution', { metricAttributionArn: attributionArn })).metricAttribution;
const update = (more: object) =>
  bench.call('UpdateMetricAttribution', { metricAttributionArn: attributionArn, ...more });

it('is created, described, listed, changed and deleted', async () => {
  const { group } = await shop(bench);
  const destination = { path: 's3://data/reports' };
  expect(await attribute(bench, group, { metricsOutputConfig: { roleArn, s3DataDestination: destination } })).toBe(
    'ACTIVE',
  );
  expect(await describeIt()).toMatchObject({
    name: 'shop',
    metricAttributionArn: attributionArn,
    datasetGroupArn: group,
    status: 'ACTIVE',
    metricsOutputConfig: { roleArn, s3DataDestination: destination },
  });
  const { metricAttributions } = await bench.call('ListMetricAttributions', { datasetGroupArn: group });
  expect(metricAttributions).toMatchObject([{ name: 'shop', metricAttributionArn: attributionArn, status: 'ACTIVE' }]);
  expect(await metricsOf()).toEqual(metrics);
  const page = { metricAttributionArn: attributionArn, maxResults: 2 };
  const first = await bench.call('ListMetricAttributionMetrics', page);
  const second = await bench.call('ListMetricAttributionMetrics', { ...page, nextToken: first.nextToken });
  expect([first.metrics, second.metrics]).toEqual([metrics.slice(0, 2), metrics.slice(2)]);

  const views = { eventType: 'view', metricName: 'views', expression: 'SAMPLECOUNT()' };
  expect(await update({ addMetrics: [views], removeMetrics: ['CLICKS'] })).toEqual({
    metricAttributionArn: attributionArn,
  });
  expect(await metricsOf()).toEqual([...metrics.slice(1), views]);
  await bench.call('DeleteMetricAttribution', { metricAttributionArn: attributionArn });
  expect(await refusal(describeIt())).toMatch(/^ResourceNotFound/);
  expect(await attribute(bench, group)).toBe('ACTIVE');
});

it.each([
  ['an expression', { expression: 'AVG(Items.PRICE)' }, /of metric m is wrong: at character 1 there is "AVG"/],
  ['a column', { expression: 'SUM(Items.COLOUR)' }, /the schema of the Items dataset has no column COLOUR/],
  ['a column of texts', { expression: 'SUM(Items.GENRES)' }, /column GENRES of the Items dataset is of type string/],
])('refuses %s that is wrong', async (_, more, message) => {
  const { group } = await shop(bench);
  const wrong = { eventType: 'click', metricName: 'm', ...more };
  const said = await refusal(attribute(bench, group, { metrics: [wrong] }));
  expect(said).toMatch(/^InvalidInputException/);
  expect(said).toMatch(message);
});

it('refuses a second one of a group, names that are there, and more metrics than the quota', async () => {
  const { group } = await shop(bench);
  await attribute(bench, group);
  expect(await refusal(attribute(bench, group))).toMatch(/^ResourceAlreadyExists/);
  expect(await refusal(attribute(bench, group, { name: 'another' }))).toMatch(/^LimitExceeded/);
  const again = { eventType: 'view', metricName: 'Revenue', expression: 'SAMPLECOUNT()' };
  expect(await refusal(update({ addMetrics: [again] }))).toMatch(
    /^ResourceAlreadyExists.*already has a metric Revenue/,
  );
  const more = Array.from({ length: 8 }, (_, n) => ({ ...again, metricName: `m${n}` }));
  expect(await refusal(update({ addMetrics: more }))).toMatch(/^InvalidInput.*would have 11 metrics; it may have 10/);
  expect(await refusal(update({ removeMetrics: ['none'] }))).toMatch(/^InvalidInput.*has no metric none to remove/);
  await update({ addMetrics: [again], removeMetrics: ['revenue'] });
  expect((await metricsOf())?.map(({ metricName }) => metricName)).toEqual(['clicks', 'quantity', 'Revenue']);
});

it('needs events with types, and keeps the datasets that it reads', async () => {
  const bare = await steps(bench).group('bare');
  const input = { name: 'bare', datasetGroupArn: bare, metrics, metricsOutputConfig: output };
  expect(await refusal(bench.call('CreateMetricAttribution', input))).toMatch(/has no Interactions dataset/);
  await steps(bench).dataset(bare, await steps(bench).schema());
  expect(await refusal(bench.call('CreateMetricAttribution', input))).toMatch(/has no EVENT_TYPE, which metrics need/);

  const { group, items } = await shop(bench);
  await attribute(bench, group);
  expect(await refusal(bench.call('DeleteDataset', { datasetArn: items }))).toMatch(
    /^ResourceInUse.* is in use by arn:.*metric-attribution\/shop/,
  );
  expect(await refusal(bench.call('DeleteDatasetGroup', { datasetGroupArn: group }))).toMatch(/^ResourceInUse/);
  await update({ removeMetrics: ['revenue'] });
  await bench.call('DeleteDataset', { datasetArn: items });
});

it('is nobody else’s', async () => {
  const { group } = await shop(bench);
  await attribute(bench, group);
  const stranger = { account: '210987654321' };
  const arn = { metricAttributionArn: attributionArn };
  expect(await refusal(bench.call('DescribeMetricAttribution', arn, stranger))).toMatch(/^ResourceNotFound/);
  expect(await refusal(bench.call('ListMetricAttributionMetrics', arn, stranger))).toMatch(/^ResourceNotFound/);
  expect(await refusal(bench.call('UpdateMetricAttribution', arn, stranger))).toMatch(/^ResourceNotFound/);
  expect(await refusal(bench.call('DeleteMetricAttribution', arn, stranger))).toMatch(/^ResourceNotFound/);
  expect((await bench.call('ListMetricAttributions', {}, stranger)).metricAttributions).toEqual([]);
});

describe('where metrics go', () => {
  it('is tried out, so that what is missing shows at once', async () => {
    const { group } = await shop(bench);
    const place = { roleArn, s3DataDestination: { path: 's3://nowhere-at-all/x/' } };
    expect(await attribute(bench, group, { metricsOutputConfig: place })).toBe('CREATE FAILED');
    expect((await describeIt())?.failureReason).toMatch(/nowhere-at-all/);
    const wrong = { metricsOutputConfig: { roleArn, s3DataDestination: { path: 's3://No_Bucket/x' } } };
    expect(await refusal(attribute(bench, group, { ...wrong, name: 'wrong' }))).toMatch(/Invalid S3 output path/);
  });

  it('is tried out in CloudWatch too, and a failed one makes room', async () => {
    const put: object[] = [];
    let refuses = true;
    const metricSink = {
      most: 100,
      async put(_: object, data: readonly object[]) {
        if (refuses) throw new MetricsRefused('The role may not cloudwatch:PutMetricData.', true);
        put.push(...data);
      },
      close() {},
    };
    const other = await openBench({ metricSink });
    const { group } = await shop(other);
    expect(await attribute(other, group)).toBe('CREATE FAILED');
    const arn = { metricAttributionArn: attributionArn };
    const { metricAttribution } = await other.call('DescribeMetricAttribution', arn);
    expect(metricAttribution?.failureReason).toBe('The role may not cloudwatch:PutMetricData.');
    refuses = false;
    const again = { name: 'again', datasetGroupArn: group, metrics, metricsOutputConfig: output };
    await other.call('CreateMetricAttribution', again);
    expect(await other.settled(arnFor('metric-attribution/again'))).toBe('ACTIVE');
    expect(put).toMatchObject([{ metricName: 'Check', value: 0, datasetGroupArn: group }]);
    await other.close();
  });
});
