import { beginAttribution, lastLogPosition } from '../../data/attribution/counts.ts';
import { MetricsRefused } from '../../data/attribution/metric-sink.ts';
import { parseS3Uri } from '../../data/objects/s3-uri.ts';
import type { Context } from '../context.ts';
import { type JobHandler, WorkFailed } from '../jobs/job.ts';
import { resourceOf } from '../jobs/job-resource.ts';
import { changeResource } from '../resources/resource-store.ts';
import { type MetricAttribution, metricAttributionKind } from './metric-attribution-kind.ts';

/** The service puts such a mark where it is going to write. */
const mark = '_CHECK';

/**
 * Tries out where metrics are to go, so that a missing permission shows at once. What comes into the dataset group from
 * the end of this job on is counted.
 */
export const attributionCreation = (context: Context): JobHandler => ({
  async run(job) {
    const attribution = await job.transaction(async (tx) => {
      const found = await resourceOf(tx, metricAttributionKind, job);
      return await changeResource(tx, found, { status: 'CREATE IN_PROGRESS' });
    });
    await tryCloudWatch(context, attribution);
    await tryBucket(context, attribution);
    return {
      async commit(tx) {
        const found = await resourceOf(tx, metricAttributionKind, job);
        await changeResource(tx, found, { status: 'ACTIVE' });
        await beginAttribution(tx.db, found.arn, interactionsOf(found), await lastLogPosition(tx.db));
      },
    };
  },
  async fail(tx, job, failureReason) {
    const found = await resourceOf(tx, metricAttributionKind, job);
    await changeResource(tx, found, { status: 'CREATE FAILED', document: { failureReason } });
  },
});

/** The dataset that the events of an attribution come into. */
export const interactionsOf = ({ parent }: Pick<MetricAttribution, 'parent'>): string =>
  `${(parent ?? '').replace(':dataset-group/', ':dataset/')}/INTERACTIONS`;

/** Puts a zero into CloudWatch, where metrics go there. */
async function tryCloudWatch({ metricSink, clock }: Context, attribution: MetricAttribution): Promise<void> {
  if (!metricSink) return;
  const datum = {
    metricName: 'Check',
    source: 'CHECK',
    datasetGroupArn: attribution.parent ?? '',
    time: Math.floor(clock.now() / 1000),
    value: 0,
  };
  const { roleArn } = attribution.document.metricsOutputConfig;
  await metricSink.put({ roleArn, source: attribution }, [datum]).catch((error: unknown) => {
    throw error instanceof MetricsRefused ? new WorkFailed(error.message) : error;
  });
}

async function tryBucket(context: Context, attribution: MetricAttribution): Promise<void> {
  const { s3DataDestination, roleArn } = attribution.document.metricsOutputConfig;
  if (!s3DataDestination) return;
  const { bucket, key } = parseS3Uri(s3DataDestination.path);
  const buckets = context.bucketsFor({ roleArn, source: attribution });
  await buckets.bucket(bucket).write(`${folderOf(key)}${mark}`, '');
}

/** What keys below a path begin with. */
export const folderOf = (key: string): string => (key === '' || key.endsWith('/') ? key : `${key}/`);
