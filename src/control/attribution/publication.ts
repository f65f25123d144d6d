import { sql } from 'kysely';
import { undefinedSource, windowSeconds } from '../../data/attribution/counts.ts';
import { type Datum, type MetricSink, MetricsRefused } from '../../data/attribution/metric-sink.ts';
import { takeUnpublished, type Unpublished, untakeUnpublished } from '../../data/attribution/unpublished.ts';
import type { Context } from '../context.ts';
import { findResource } from '../resources/resource-store.ts';
import { type MetricAttribution, metricAttributionKind } from './metric-attribution-kind.ts';

/** How often closed windows are looked for. */
const everyMs = 5000;
/** After a refusal it is tried again after a minute, then twice as long, up to a quarter of an hour. */
const firstPauseMs = 60_000;
const longestPauseMs = 900_000;
/** A window is closed so long after its end: what was sent in time has been counted by then. */
const graceMs = 60_000;
/** CloudWatch takes data of the last two weeks. */
const mostAgeSeconds = 14 * 86_400 - 3600;

/** When an attribution is looked at next, and how long it waited before. */
type Turn = { readonly at: number; readonly pauseMs: number };

/**
 * Publishes the counts of windows that are closed, and later what late events add to them. Nothing is published twice:
 * counts are marked as published in a transaction before they are sent, and marked back where it is certain that they
 * have not arrived. So what a server was sending when it was killed is published at most once.
 */
export class MetricPublication {
  readonly #context: Context;
  readonly #sink: MetricSink;
  readonly #turns = new Map<string, Turn>();

  constructor(context: Context, sink: MetricSink) {
    this.#context = context;
    this.#sink = sink;
  }

  /** Whether it is time to look for closed windows of an attribution, and there are any. */
  async isDue({ arn }: MetricAttribution): Promise<boolean> {
    const now = this.#context.clock.now();
    const turn = this.#turns.get(arn);
    if (turn && now < turn.at) return false;
    const { from, to } = this.#range();
    const row = await this.#context.database
      .selectFrom('attribution_counts')
      .select('time')
      .where('arn', '=', arn)
      .where('time', '>=', from)
      .where('time', '<=', to)
      .where(sql.ref('value'), '!=', sql.ref('published'))
      .limit(1)
      .executeTakeFirst();
    if (!row) this.#turns.set(arn, { at: now + everyMs, pauseMs: firstPauseMs });
    return row !== undefined;
  }

  /** Publishes all that is due. What is refused is tried again until CloudWatch takes data of its time no more. */
  async publish({ arn }: MetricAttribution): Promise<void> {
    const { database, clock } = this.#context;
    const pauseMs = this.#turns.get(arn)?.pauseMs ?? firstPauseMs;
    for (;;) {
      const attribution = await findResource(database, metricAttributionKind, arn);
      if (!attribution) return;
      const taken = await takeUnpublished(database, arn, this.#range(), this.#sink.most);
      if (taken.length === 0) break;
      const { roleArn } = attribution.document.metricsOutputConfig;
      try {
        await this.#sink.put({ roleArn, source: attribution }, dataOf(attribution, taken));
      } catch (error) {
        if (error instanceof MetricsRefused && error.isCertain) await untakeUnpublished(database, arn, taken);
        this.#warn(error, attribution);
        const next = Math.min(2 * pauseMs, longestPauseMs);
        this.#turns.set(arn, { at: clock.now() + pauseMs, pauseMs: next });
        return;
      }
    }
    this.#turns.set(arn, { at: clock.now() + everyMs, pauseMs: firstPauseMs });
  }

  #range(): { readonly from: number; readonly to: number } {
    const now = this.#context.clock.now();
    return {
      from: Math.floor(now / 1000) - mostAgeSeconds,
      to: Math.floor((now - graceMs) / 1000) - windowSeconds,
    };
  }

  #warn(error: unknown, { arn }: MetricAttribution): void {
    const isLost = !(error instanceof MetricsRefused && error.isCertain);
    const what = isLost ? 'nobody knows whether they have arrived' : 'that is tried again';
    this.#context.log.warn({ err: error, resource: arn }, `Metrics could not be published; ${what}.`);
  }
}

function dataOf({ parent, document }: MetricAttribution, taken: readonly Unpublished[]): Datum[] {
  const names = new Map(document.metrics.map(({ number, metricName }) => [number, metricName]));
  return taken.flatMap(({ metric, source = undefinedSource, time, more: value }) => {
    const metricName = names.get(metric);
    // A metric that was removed meanwhile is published no more.
    return metricName === undefined ? [] : [{ metricName, source, datasetGroupArn: parent ?? '', time, value }];
  });
}
