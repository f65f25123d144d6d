import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { afterAll, expect, test } from 'vitest';
import { startMoto } from '../support/moto.ts';
import { clients, eventsClient } from '../support/personalize.ts';
import { pythonEnvironment } from '../support/python.ts';
import { startServerProcess } from '../support/server.ts';

const run = promisify(execFile);
const environment = await pythonEnvironment('clients', join(import.meta.dirname, 'requirements.txt'));
const moto = await startMoto();

afterAll(() => moto?.stop());

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** The sums of a metric by source, of the window that begins at `time`. */
async function publishedIn(cloudWatch: CloudWatch, group: string, time: number) {
  const sums: Record<string, number> = {};
  const { Metrics: metrics = [] } = await cloudWatch.listMetrics({ Namespace: 'AWS/Personalize' });
  for (const { MetricName, Dimensions = [] } of metrics) {
    const { Datapoints: points = [] } = await cloudWatch.getMetricStatistics({
      ...{ Namespace: 'AWS/Personalize', MetricName, Dimensions, Period: 900, Statistics: ['Sum'] },
      StartTime: new Date(1000 * time),
      EndTime: new Date(1000 * (time + 900)),
    });
    const dimension = (wanted: string) => Dimensions.find(({ Name }) => Name === wanted)?.Value;
    expect(dimension('DatasetGroupArn')).toBe(group);
    const sum = points.reduce((all, { Sum = 0 }) => all + Sum, 0);
    if (points.length > 0) sums[`${MetricName} ${dimension('EventAttributionSource')}`] = sum;
  }
  return sums;
}

test.skipIf(environment === undefined || moto === undefined)(
  'events that boto3 sends are counted once and published once, though the server is killed in between',
  async () => {
    await using opened = new AsyncDisposableStack();
    const home = await mkdtemp(join(tmpdir(), 'openpersonalize-attribution-'));
    opened.defer(() => rm(home, { recursive: true, force: true }));
    const options = ['--cloudwatch-endpoint', moto?.url ?? ''];
    const started = await startServerProcess({ home, options });
    let server = started;
    opened.defer(async () => void (await server.stop()));
    const script = join(import.meta.dirname, 'attribution.py');
    const { stdout } = await run(environment?.python ?? '', [script, started.url, started.buckets]);
    const { group, campaign, tracking, window, recommendation } = JSON.parse(stdout);
    const cloudWatch = new CloudWatch({ endpoint: moto?.url ?? '', region: 'us-east-1', credentials });
    const front = campaign.toUpperCase();
    const expected = {
      [`CLICKS ${front}`]: 3,
      ...{ 'CLICKS EMAIL': 1, 'CLICKS SOURCE_NAME_UNDEFINED': 1, 'REVENUE EMAIL': 6, 'PAID EMAIL': 6 },
    };
    await expect.poll(() => publishedIn(cloudWatch, group, window)).toEqual(expected);

    // Events come, and the server is killed at once, again and again.
    for (let kill = 0; kill < 4; kill++) {
      const eventList = ['late', 'click-0'].map((name) => ({
        ...{ eventType: 'click', itemId: 'i1', sentAt: new Date(1000 * (window + 30)) },
        ...{ eventId: name === 'late' ? `late-${kill}` : name, recommendationId: recommendation },
      }));
      await eventsClient(server.url).putEvents({ trackingId: tracking, userId: 'u1', sessionId: 's1', eventList });
      if (kill % 2 === 1) await new Promise((resolve) => setTimeout(resolve, 700 * kill));
      await server.kill('SIGKILL');
      server = await startServerProcess({ home, options });
    }
    const counts = async () => {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      const line = text.split('\n').find((each) => each.includes('metric="clicks"') && each.includes(campaign));
      return Number(line?.split(' ').at(-1));
    };
    await expect.poll(counts).toBe(7);
    // A window that was published has what late events add, and nothing twice.
    await expect.poll(() => publishedIn(cloudWatch, group, window)).toEqual({ ...expected, [`CLICKS ${front}`]: 7 });

    const shown = await run(process.execPath, [
      ...[join(import.meta.dirname, '../../src/main.ts'), 'attribution', '--home', home],
      ...['--endpoint', server.url, '--dataset-group', 'shop'],
    ]);
    expect(shown.stdout).toMatch(/clicks: SAMPLECOUNT\(\) of click events/);
    expect(shown.stdout).toMatch(/campaign\/front-page +7 +78 % /);
    expect(shown.stdout).toMatch(/email +6 +100 % /);
    expect(Math.max(...shown.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);

    const { personalize } = clients(server.url);
    const { metricAttributions = [] } = await personalize.listMetricAttributions({ datasetGroupArn: group });
    await personalize.deleteMetricAttribution({
      metricAttributionArn: metricAttributions[0]?.metricAttributionArn ?? '',
    });
    expect(await counts()).toBeNaN();
  },
);
