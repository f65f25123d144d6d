import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { OperationName } from '../contract/operations.ts';

/** What is measured beside the requests themselves, read when `/metrics` is asked. */
export type Measured = {
  readonly runningJobs: () => readonly {
    readonly kind: string;
    readonly resourceArn: string;
    readonly fraction: number;
  }[];
  readonly loadedDeployments: () => readonly { readonly campaignArn: string; readonly bytes: number }[];
};

export type Metrics = {
  /** @param operation `Unknown` for what addresses no operation: labels never hold what a caller has made up. */
  request(operation: OperationName | 'Unknown', code: string, seconds: number): void;
  readonly contentType: string;
  text(): Promise<string>;
};

export function createMetrics(measured: Measured): Metrics {
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
    help: 'Memory that the loaded model of a campaign holds.',
    labelNames: ['campaign'],
    registers,
    collect() {
      this.reset();
      for (const { campaignArn, bytes } of measured.loadedDeployments()) this.set({ campaign: campaignArn }, bytes);
    },
  });
  new Gauge({
    name: 'openpersonalize_job_progress',
    help: 'How far a running job is, from 0 to 1.',
    labelNames: ['kind', 'resource'],
    registers,
    collect() {
      this.reset();
      for (const { kind, resourceArn, fraction } of measured.runningJobs()) {
        this.set({ kind, resource: resourceArn }, fraction);
      }
    },
  });
  return {
    request(operation, code, seconds) {
      requests.inc({ operation, code });
      duration.observe({ operation }, seconds);
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
