import type { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { type Datum, type MetricSink, MetricsRefused, type MetricUse } from '../../data/attribution/metric-sink.ts';
import type { ServiceDecision, ServiceQuestion } from '../authorisation/service-access.ts';

type Parts = {
  /** Where CloudWatch answers; undefined: AWS, in the region of the metric attribution. */
  readonly endpoint: string | undefined;
  /** Whether the role of a metric attribution may publish; anybody's may unless given. */
  readonly decide?: (question: ServiceQuestion) => Promise<ServiceDecision>;
  /** How long a request may take. */
  readonly timeoutMs?: number;
};

const namespace = 'AWS/Personalize';
const action = 'cloudwatch:PutMetricData';
/** CloudWatch takes a thousand at once, and a mebibyte: with the longest names and sources these stay below. */
const most = 250;
const connectionMs = 2000;
const usualTimeoutMs = 10_000;

/** Failures of a connection that was never made: nothing has arrived. */
const neverConnected =
  /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|CredentialsProviderError|connection timed out/i;

/**
 * CloudWatch, or another server of its protocol. It is asked with the credentials of the AWS environment; the role of a
 * metric attribution must allow it, too, where signatures are verified.
 */
export class CloudWatchSink implements MetricSink {
  readonly most = most;
  readonly #parts: Parts;
  /** By region. */
  readonly #clients = new Map<string, Promise<CloudWatch>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async put(use: MetricUse, data: readonly Datum[]): Promise<void> {
    if (data.length === 0) return;
    await this.#requireRight(use);
    const client = await this.#client(use.source.region);
    try {
      await client.putMetricData({ Namespace: namespace, MetricData: data.map(datumOf) });
    } catch (error) {
      throw this.#problem(error);
    }
  }

  /** Ends connections. */
  close(): void {
    for (const client of this.#clients.values()) {
      client.then(
        (open) => open.destroy(),
        () => {},
      );
    }
  }

  async #requireRight({ roleArn, source }: MetricUse): Promise<void> {
    // The namespace is a condition key of the action.
    const keys = { 'cloudwatch:namespace': namespace };
    const decision = await this.#parts.decide?.({ roleArn, source, action, resource: '*', keys });
    if (decision?.allowed === false) throw new MetricsRefused(decision.sentence, true);
  }

  async #client(region: string): Promise<CloudWatch> {
    const known = this.#clients.get(region) ?? this.#connect(region);
    this.#clients.set(region, known);
    return await known;
  }

  /** Loaded here, since few servers publish. It does not try again by itself: the same data would count twice. */
  async #connect(region: string): Promise<CloudWatch> {
    const { CloudWatch } = await import('@aws-sdk/client-cloudwatch');
    const { endpoint, timeoutMs: requestTimeout = usualTimeoutMs } = this.#parts;
    const requestHandler = { connectionTimeout: connectionMs, requestTimeout, throwOnRequestTimeout: true };
    // Not every server of the protocol reads compressed requests.
    const plain = { maxAttempts: 1, disableRequestCompression: true };
    return new CloudWatch({ ...(endpoint !== undefined && { endpoint }), region, requestHandler, ...plain });
  }

  #problem(error: unknown): MetricsRefused {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const isCertain = isAnswer(error) || neverConnected.test(`${name} ${code} ${message}`);
    const said = message === '' || message === name ? name : `${name}, ${message.replace(/\.$/, '')}`;
    const where = this.#parts.endpoint ?? 'AWS';
    const text = `CloudWatch at ${where} did not take metrics: ${said}. Check the credentials of this server and that CloudWatch can be reached.`;
    return new MetricsRefused(text, isCertain, { cause: error });
  }
}

/** Whether CloudWatch has answered, with an error. */
function isAnswer(error: unknown): boolean {
  if (!(error instanceof Error) || !('$metadata' in error)) return false;
  const { $metadata: metadata } = error;
  return typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata;
}

const datumOf = ({ metricName, source, datasetGroupArn, time, value }: Datum) => ({
  MetricName: metricName.toUpperCase(),
  Dimensions: [
    { Name: 'EventAttributionSource', Value: source.toUpperCase() },
    { Name: 'DatasetGroupArn', Value: datasetGroupArn },
  ],
  Timestamp: new Date(1000 * time),
  Value: value,
});
