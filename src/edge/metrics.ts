import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
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
  readonly loadedDeployments: () => readonly { readonly campaignArn: string; readonly bytes: number }[];
  readonly liveHistories: () => readonly { readonly datasetArn: string; readonly bytes: number }[];
  readonly candidates: () => readonly { readonly campaignArn: string; readonly count: number }[];
};

type RunningJob = ReturnType<MeasuredParts['runningJobs']>[number];

/** What is known of each running job, some of it of trainings alone. */
const jobGauges: readonly {
  readonly name: string;
  readonly help: string;
  readonly of: (job: RunningJob) => number | undefined;
}[] = [
  {
    name: 'openpersonalize_job_progress',
    help: 'How far a running job is, from 0 to 1.',
    of: ({ fraction }) => fraction,
  },
  {
    name: 'openpersonalize_job_remaining_seconds',
    help: 'How long a running job is likely to take yet.',
    of: ({ remainingSeconds }) => remainingSeconds,
  },
  {
    name: 'openpersonalize_training_epoch',
    help: 'Passes over the data that a running training has done; a part of one counts as such.',
    of: ({ figures }) => figures.epoch,
  },
  {
    name: 'openpersonalize_training_loss',
    help: 'Mean training loss since the report before.',
    of: ({ figures }) => figures.loss,
  },
  {
    name: 'openpersonalize_training_validation_ndcg',
    help: 'NDCG@10 over validation interactions that a running training does not learn from.',
    of: ({ figures }) => figures.validationNdcg,
  },
];

export type Metrics = {
  /** @param operation `Unknown` for what addresses no operation: labels never hold what a caller has made up. */
  request(operation: OperationName | 'Unknown', code: string, seconds: number): void;
  readonly contentType: string;
  text(): Promise<string>;
};

export function createMetrics(measured: MeasuredParts): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'openpersonalize_requests_total',
    help: 'Requests by operation and by what became of them: Success or the code of the error.',
    labelNames: ['operation', 'code'],
    registers,
  });
  const duration = new Histogram({
    name: 'openpersonalize_request_duration_seconds',
    help: 'Time from the head of a request to its answer, by operation.',
    labelNames: ['operation'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  new Gauge({
    name: 'openpersonalize_deployment_bytes',
    help: 'Memory that the loaded model of a campaign holds, with what it knows of the items that it explores.',
    labelNames: ['campaign'],
    registers,
    collect() {
      this.reset();
      for (const { campaignArn, bytes } of measured.loadedDeployments()) this.set({ campaign: campaignArn }, bytes);
    },
  });
  new Gauge({
    name: 'openpersonalize_live_history_bytes',
    help: 'Memory that the events of users since the last training hold, by Interactions dataset.',
    labelNames: ['dataset'],
    registers,
    collect() {
      this.reset();
      for (const { datasetArn, bytes } of measured.liveHistories()) this.set({ dataset: datasetArn }, bytes);
    },
  });
  new Gauge({
    name: 'openpersonalize_exploration_candidates',
    help: 'New items that a campaign explores.',
    labelNames: ['campaign'],
    registers,
    collect() {
      this.reset();
      for (const { campaignArn, count } of measured.candidates()) this.set({ campaign: campaignArn }, count);
    },
  });
  for (const { name, help, of } of jobGauges) {
    new Gauge({
      ...{ name, help, registers },
      labelNames: ['kind', 'resource'],
      collect() {
        this.reset();
        for (const job of measured.runningJobs()) {
          const value = of(job);
          if (value !== undefined) this.set({ kind: job.kind, resource: job.resourceArn }, value);
        }
      },
    });
  }
  return {
    request(operation, code, seconds) {
      requests.inc({ operation, code });
      duration.observe({ operation }, seconds);
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
