import { decideForService, type ServiceQuestion } from '../access/authorisation/service-access.ts';
import { CloudWatchSink } from '../access/cloudwatch/cloudwatch.ts';
import type { ServerOptions } from '../cli/options/server-options.ts';
import type { MetricSink } from '../data/attribution/metric-sink.ts';
import type { Database } from '../data/database/database.ts';

type Parts = {
  readonly database: Database;
  /** Whether signatures are verified. */
  readonly verifies: boolean;
};

/** Where metrics of attributions are published: nowhere unless the options say so. */
export function openMetricSink(
  { cloudwatchEndpoint }: ServerOptions,
  { database, verifies }: Parts,
): MetricSink | undefined {
  if (cloudwatchEndpoint === undefined) return undefined;
  const asked = { database, now: () => Date.now() };
  const decide = (question: ServiceQuestion) => decideForService(asked, question);
  const endpoint = cloudwatchEndpoint === 'aws' ? undefined : cloudwatchEndpoint;
  return new CloudWatchSink({ endpoint, ...(verifies && { decide }) });
}
