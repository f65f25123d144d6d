import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { OperationName } from '../contract/operations.ts';
import type { TrainingFigures } from '../util/progress.ts';

/** What is measured beside the requests themselves, read when `/metrics` is asked. */
export type MeasuredParts = {
  readonly runningJobs: () => readonly {
    readonly kind: string;
    readonly resourceArn: string;
    readonly fraction: number;
    readonly remainingSeconds: number | undefined;
    readonly figures: TrainingFigures;
  }[];
  readonly loadedDeployments: () => readonly { readonly ownerArn: string; readonly bytes: number }[];
  readonly views: () => readonly { readonly view: string; readonly arn: string; readonly bytes: number }[];
  readonly liveHistories: () => readonly { readonly datasetArn: string; readonly bytes: number }[];
  readonly candidates: () => readonly { readonly ownerArn: string; readonly count: number }[];
  /** Read from the database: all nodes have the same. */
  readonly attribution?: () => Promise<readonly AttributedMetric[]>;
};

/** What a metric of a dataset group has been counted to from one source. */
export type AttributedMetric = {
  readonly datasetGroupArn: string;
  readonly metricName: string;
  readonly eventType: string;
  readonly source: string;
  readonly value: number;
};

/** A gauge whose values are read when `/metrics` is asked; those without a value are left out. */
type ReadGauge = {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  /** How those of several processes become one; their sum unless given. */
  readonly aggregator?: 'sum' | 'max';
  readonly read: () => readonly GaugeValue[] | Promise<readonly GaugeValue[]>;
};

type GaugeValue = { readonly labels: Readonly<Record<string, string>>; readonly value: number | undefined };

function register({ name, help, labelNames, aggregator = 'sum', read }: ReadGauge, registry: Registry): void {
  new Gauge({
    name,
    help,
    labelNames,
    aggregator,
    registers: [registry],
    async collect() {
      const values = await read();
      this.reset();
      for (const { labels, value } of values) if (value !== undefined) this.set(labels, value);
    },
  });
}

/** Gauges of what this node holds in memory. The label `campaign` has any owner's ARN: dashboards read this name. */
const memoryGauges = ({ loadedDeployments, views, liveHistories, candidates }: MeasuredParts): readonly ReadGauge[] => [
  {
    name: 'openpersonalize_deployment_bytes',
    help: 'Memory that the loaded model of a campaign or recommender holds, with what it knows of the items that it explores.',
    labelNames: ['campaign'],
    read: () => loadedDeployments().map(({ ownerArn, bytes }) => ({ labels: { campaign: ownerArn }, value: bytes })),
  },
  {
    name: 'openpersonalize_view_bytes',
    help: 'Memory that a view holds of a dataset, by what it is of; live histories are among them.',
    labelNames: ['view', 'resource'],
    read: () => views().map(({ view, arn, bytes }) => ({ labels: { view, resource: arn }, value: bytes })),
  },
  {
    name: 'openpersonalize_live_history_bytes',
    help: 'Memory that the events of users since the last training hold, by Interactions dataset.',
    labelNames: ['dataset'],
    read: () => liveHistories().map(({ datasetArn, bytes }) => ({ labels: { dataset: datasetArn }, value: bytes })),
  },
  {
    name: 'openpersonalize_exploration_candidates',
    help: 'New items that a campaign or recommender explores.',
    labelNames: ['campaign'],
    aggregator: 'max',
    read: () => candidates().map(({ ownerArn, count }) => ({ labels: { campaign: ownerArn }, value: count })),
  },
];

/** Gauges of the jobs that run on this node. Some figures are those of trainings alone. */
function jobGauges({ runningJobs }: MeasuredParts): readonly ReadGauge[] {
  type RunningJob = ReturnType<typeof runningJobs>[number];
  const gauge = (name: string, help: string, quantity: (job: RunningJob) => number | undefined): ReadGauge => ({
    name,
    help,
    labelNames: ['kind', 'resource'],
    read: () =>
      runningJobs().map((job) => ({ labels: { kind: job.kind, resource: job.resourceArn }, value: quantity(job) })),
  });
  return [
    gauge('openpersonalize_job_progress', 'How far a running job is, from 0 to 1.', ({ fraction }) => fraction),
    gauge(
      'openpersonalize_job_remaining_seconds',
      'Estimated seconds until a running job ends.',
      ({ remainingSeconds }) => remainingSeconds,
    ),
    gauge(
      'openpersonalize_training_epoch',
      'Passes over the data that a running training has done; a part of one counts as such.',
      ({ figures }) => figures.epoch,
    ),
    gauge(
      'openpersonalize_training_loss',
      'Mean training loss since the report before.',
      ({ figures }) => figures.loss,
    ),
    gauge(
      'openpersonalize_training_validation_ndcg',
      'NDCG@10 over validation interactions that a running training does not learn from.',
      ({ figures }) => figures.validationNdcg,
    ),
  ];
}

/** What events have been counted to. Processes of a server show the same: the largest stands for all. */
const attributionGauges = ({ attribution }: MeasuredParts): readonly ReadGauge[] =>
  attribution === undefined
    ? []
    : [
        {
          name: 'openpersonalize_attribution_metric_value',
          help: 'What a metric of a metric attribution has come to since it was added, by the source of its events.',
          labelNames: ['dataset_group', 'metric', 'event_type', 'source'],
          aggregator: 'max',
          read: async () =>
            (await attribution()).map(({ datasetGroupArn, metricName, eventType, source, value }) => ({
              labels: { dataset_group: datasetGroupArn, metric: metricName, event_type: eventType, source },
              value,
            })),
        },
      ];

export type Metrics = {
  /** @param operation `Unknown` for what addresses no operation: labels never hold what a caller has made up. */
  request(operation: OperationName | 'Unknown' | `s3:${string}`, code: string, seconds: number): void;
  readonly contentType: string;
  /** Of all processes of the server. */
  text(): Promise<string>;
  /** Of this process, for another one of the server. */
  measurements(): Promise<Measurements>;
};

export type Measurements = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** @param others what the other processes of the server have measured */
export function createMetrics(measured: MeasuredParts, others?: () => Promise<Measurements[]>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const gauge of [...memoryGauges(measured), ...jobGauges(measured), ...attributionGauges(measured)])
    register(gauge, registry);
  const requests = new Counter({
    name: 'openpersonalize_requests_total',
    help: 'Requests by operation and by what became of them: Success or the code of the error.',
    labelNames: ['operation', 'code'],
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'openpersonalize_request_duration_seconds',
    help: 'Time from the head of a request to its answer, by operation.',
    labelNames: ['operation'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return {
    request(operation, code, seconds) {
      requests.inc({ operation, code });
      duration.observe({ operation }, seconds);
    },
    contentType: registry.contentType,
    text: async () => {
      if (!others) return await registry.metrics();
      const all = [await registry.getMetricsAsJSON(), ...(await others())];
      return await AggregatorRegistry.aggregate(all).metrics();
    },
    measurements: () => registry.getMetricsAsJSON(),
  };
}
