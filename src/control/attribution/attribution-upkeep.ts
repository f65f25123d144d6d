import { randomUUID } from 'node:crypto';
import {
  type AttributionState,
  attributionStates,
  leaseAttribution,
  releaseAttributions,
  removeOldCounts,
} from '../../data/attribution/counts.ts';
import type { Context } from '../context.ts';
import { findResource } from '../resources/resource-store.ts';
import { CountLost, EventCount } from './event-count.ts';
import { type MetricAttribution, metricAttributionKind } from './metric-attribution-kind.ts';
import { MetricPublication } from './publication.ts';

/** How often what has come is counted. */
const everyMs = 2000;
/** How long a node has an attribution for itself, unless it renews that. */
const leaseMs = 30_000;
/** After so long without a look entries of items may be gone from the log. */
const longestPauseMs = 30_000;
const removeEveryMs = 3_600_000;

/**
 * Counts the events of metric attributions while the server runs. Of several nodes one counts each attribution; another
 * goes on when it has not been heard of for half a minute.
 */
export class AttributionUpkeep {
  readonly #context: Context;
  readonly #node = randomUUID();
  readonly #counts = new Map<string, EventCount>();
  readonly #publication: MetricPublication | undefined;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #removedAt = Number.NEGATIVE_INFINITY;

  constructor(context: Context) {
    this.#context = context;
    this.#publication = context.metricSink && new MetricPublication(context, context.metricSink);
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), everyMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopping.abort(new Error('The server is stopping.'));
    await this.#working;
    if (this.#counts.size > 0) await releaseAttributions(this.#context.database, this.#node).catch(() => {});
  }

  /** Counts what has come by now. */
  look(): Promise<void> {
    this.#working ??= this.#look()
      .catch((error: unknown) => this.#warn(error))
      .finally(() => {
        this.#working = undefined;
      });
    return this.#working;
  }

  async #look(): Promise<void> {
    const { database, clock } = this.#context;
    const now = clock.now();
    if (Math.abs(now - this.#lookedAt) > longestPauseMs) this.#counts.clear();
    this.#lookedAt = now;
    const states = await attributionStates(database, this.#node, now);
    for (const arn of this.#counts.keys()) if (!states.some((state) => state.arn === arn)) this.#counts.delete(arn);
    for (const state of states) {
      this.#stopping.signal.throwIfAborted();
      await this.#lookAt(state).catch((error: unknown) => {
        this.#counts.delete(state.arn);
        if (!(error instanceof CountLost)) this.#warn(error, state.arn);
      });
    }
    if (states.length > 0 && Math.abs(now - this.#removedAt) > removeEveryMs) {
      this.#removedAt = now;
      await removeOldCounts(database, now);
    }
  }

  async #lookAt(state: AttributionState): Promise<void> {
    const { database, clock } = this.#context;
    const attribution = await findResource(database, metricAttributionKind, state.arn);
    if (!attribution) return;
    const hasCome = await hasEntries(this.#context, state);
    const publishes = (await this.#publication?.isDue(attribution)) ?? false;
    if (!hasCome && !publishes) return;
    const now = clock.now();
    const lease = { node: this.#node, now, until: now + leaseMs };
    if (!(await leaseAttribution(database, state.arn, lease))) return;
    if (hasCome) await this.#count(attribution, state);
    if (publishes) await this.#publication?.publish(attribution);
  }

  async #count(attribution: MetricAttribution, state: AttributionState): Promise<void> {
    const { signal } = this.#stopping;
    let count = this.#counts.get(state.arn);
    if (!count?.isOf(attribution, state.position)) {
      count = await EventCount.open(this.#context, attribution, state, signal);
      this.#counts.set(state.arn, count);
    }
    await count.goOn(state, signal);
  }

  #warn(error: unknown, resource?: string): void {
    if (this.#stopping.signal.aborted) return;
    const message = 'Events could not be counted for metric attribution; that is tried again soon.';
    this.#context.log.error({ err: error, resource }, message);
  }
}

async function hasEntries({ database }: Context, { datasetArn, position }: AttributionState): Promise<boolean> {
  const row = await database
    .selectFrom('record_log')
    .select('position')
    .where('dataset_arn', '=', datasetArn)
    .where('position', '>', position)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
