/** A metric of one source within one window of time. */
export type Datum = {
  /** As the metric attribution has it. */
  readonly metricName: string;
  readonly source: string;
  readonly datasetGroupArn: string;
  /** Beginning of the window, in seconds since the epoch. */
  readonly time: number;
  readonly value: number;
};

/** For whom metrics are published. */
export type MetricUse = {
  /** The role that the metric attribution was given. */
  readonly roleArn: string;
  /** The metric attribution, its account and region. */
  readonly source: { readonly account: string; readonly region: string; readonly arn: string };
};

/** Where metrics are published: CloudWatch. */
export interface MetricSink {
  /** How many it takes at once. */
  readonly most: number;
  /** @throws MetricsRefused */
  put(use: MetricUse, data: readonly Datum[]): Promise<void>;
  close(): void;
}

/** Metrics have not been published, or nobody knows; the message is a sentence for a person. */
export class MetricsRefused extends Error {
  /** Whether it is certain that none has arrived. */
  readonly isCertain: boolean;

  constructor(message: string, isCertain: boolean, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MetricsRefused';
    this.isCertain = isCertain;
  }
}
