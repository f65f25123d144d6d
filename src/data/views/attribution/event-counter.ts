import type { CountedMore } from '../../attribution/counts.ts';
import { keptSeconds, windowSeconds } from '../../attribution/counts.ts';
import type { MetricExpression } from '../../attribution/expression.ts';
import { eventIdColumn, receivedColumn, sessionColumn } from '../../records/event-lines.ts';
import { decodeLines, type Layout } from '../../records/layout.ts';
import type { LogEntry } from '../../records/record-log.ts';
import { type ItemValues, numberOf } from './item-values.ts';
import { RecentEvents } from './recent-events.ts';

/** A metric, of the events of one type after a position of the record log. */
export type CountedMetric = {
  readonly number: number;
  readonly eventType: string;
  readonly parsed: MetricExpression;
  readonly since: number;
};

export type EventCounterParts = {
  readonly metrics: readonly CountedMetric[];
  /** Finds the campaign or recommender of an answer. */
  readonly owners: { ownerOf(recommendationId: string): string | undefined };
  /** Has the columns that metrics sum; undefined where none does. */
  readonly items?: ItemValues | undefined;
};

/** Different event types that are remembered with their metrics. */
const rememberedTypes = 1000;
/** Sources for which a window has room at first. */
const firstSources = 16;
/** Sources that are told apart before they are named in the database, which tells fewer apart. */
const mostSources = 2 ** 16;

/** Sums of a window: those of the first source of all metrics, then those of the next. */
type WindowSums = { readonly window: number; sums: Float64Array; has: Uint8Array };

/** Where the columns of a layout are; -1 for one that it has not. */
type Places = {
  readonly session: number;
  readonly eventId: number;
  readonly received: number;
  readonly user: number;
  readonly item: number;
  readonly time: number;
  readonly type: number;
  readonly value: number;
  readonly recommendation: number;
  readonly source: number;
  /** By metric, for those that sum a column of events. */
  readonly summed: readonly number[];
};

/** What metrics are counted for events of one type. */
type Counted = readonly { readonly index: number; readonly metric: CountedMetric }[];

/**
 * Counts entries of an Interactions dataset's log by metric, source and window of 15 minutes (spec batch.md §8), in
 * the order of the log.
 *
 * - An event counts once: not if an equal one of the same user (or session, without one) came within the hour before,
 *   which is one of the same eventId, type and item, or without an eventId of the same time, type, item and value.
 * - An event happens no later than it came. One that is older than counts are kept is left out.
 */
export class EventCounter {
  /** May be replaced by one that knows more. */
  owners: EventCounterParts['owners'];
  readonly #metrics: readonly CountedMetric[];
  readonly #items: ItemValues | undefined;
  /** By metric, its column among those of the items; -1. */
  readonly #itemColumns: readonly number[];
  readonly #recent = new RecentEvents();
  readonly #byType = new Map<string, Counted>();
  readonly #places = new WeakMap<Layout, Places>();
  /** Sources of what is counted, from 1; 0 is none. */
  #sources = new Map<string, number>();
  /** By window, then by metric and source: sums, and which of them there are. */
  readonly #windows = new Map<number, WindowSums>();
  #last: WindowSums | undefined;
  readonly #equal: string[] = ['', '', '', ''];

  constructor({ metrics, owners, items }: EventCounterParts) {
    this.#metrics = metrics;
    this.owners = owners;
    this.#items = items;
    this.#itemColumns = metrics.map(({ parsed }) =>
      parsed.math === 'sum' && parsed.dataset === 'ITEMS' ? (items?.columns.indexOf(parsed.column) ?? -1) : -1,
    );
  }

  /** Memory that it holds, in bytes, besides that of items. */
  get bytes(): number {
    return this.#recent.bytes;
  }

  /** Whether events of a type count for any metric. */
  counts(eventType: string): boolean {
    return this.#metricsOf(eventType).length > 0;
  }

  /** Notes an event that was counted before, so that its repetitions are known; `value` as the log has it. */
  note(
    event: { person: string; eventId: string; type: string; item: string; time: string; value: string },
    at: number,
  ) {
    const { person, eventId, type, item, time, value } = event;
    this.#isRepetition(person, eventId, type, item, time, value, at);
  }

  /** Counts an entry of the log. */
  apply({ body, position }: Pick<LogEntry, 'body' | 'position'>, layout: Layout): void {
    const at = this.#placesIn(layout);
    for (const line of decodeLines(body)) {
      const metrics = this.#metricsOf(line[at.type]);
      if (metrics.length === 0) continue;
      const received = Math.floor(Number(line[at.received]) / 1000);
      const person = line[at.user] === '' ? line[at.session] : line[at.user];
      const value = at.value < 0 ? '' : line[at.value];
      const item = line[at.item];
      const time = line[at.time];
      if (this.#isRepetition(person, line[at.eventId], line[at.type], item, time, value, received)) continue;
      const happened = Math.min(Number(time), received);
      if (happened < received - keptSeconds) continue;
      const sums = this.#sumsOf(Math.floor(happened / windowSeconds));
      const source = this.#sourceOf(line[at.source], line[at.recommendation]);
      for (const { index, metric } of metrics) {
        if (position <= metric.since) continue;
        this.#count(index, source, sums, this.#more(index, metric, line, at));
      }
    }
  }

  /** What was counted since the last call. */
  take(): CountedMore[] {
    const names = [undefined, ...this.#sources.keys()];
    const counted: CountedMore[] = [];
    const width = this.#metrics.length;
    for (const { window, sums, has } of this.#windows.values()) {
      for (let at = 0; at < sums.length; at++) {
        if (has[at] === 0) continue;
        const [metric, source] = [this.#metrics[at % width].number, names[Math.floor(at / width)]];
        counted.push({ metric, source, time: window * windowSeconds, value: sums[at] });
      }
    }
    this.#windows.clear();
    this.#last = undefined;
    this.#sources = new Map();
    return counted;
  }

  #more(index: number, { parsed }: CountedMetric, line: readonly string[], at: Places): number {
    if (parsed.math === 'samplecount') return 1;
    if (parsed.dataset === 'ITEMS') return this.#items?.get(line[at.item], this.#itemColumns[index]) ?? 0;
    const column = at.summed[index];
    return column < 0 ? 0 : numberOf(line[column]);
  }

  #count(index: number, source: number, sums: WindowSums, more: number): void {
    const at = source * this.#metrics.length + index;
    if (at >= sums.sums.length) widen(sums, 2 * at);
    sums.sums[at] += more;
    sums.has[at] = 1;
  }

  #sumsOf(window: number): WindowSums {
    if (this.#last?.window === window) return this.#last;
    let sums = this.#windows.get(window);
    if (!sums) {
      const length = firstSources * this.#metrics.length;
      sums = { window, sums: new Float64Array(length), has: new Uint8Array(length) };
      this.#windows.set(window, sums);
    }
    this.#last = sums;
    return sums;
  }

  #sourceOf(given: string | undefined, recommendationId: string): number {
    const name = given || (recommendationId === '' ? undefined : this.owners.ownerOf(recommendationId));
    if (name === undefined) return 0;
    const known = this.#sources.get(name);
    if (known !== undefined) return known;
    // More than any attribution tells apart: what it has no room for has no source then, too.
    if (this.#sources.size >= mostSources) return 0;
    this.#sources.set(name, this.#sources.size + 1);
    return this.#sources.size;
  }

  #isRepetition(
    person: string,
    eventId: string,
    type: string,
    item: string,
    time: string,
    value: string,
    received: number,
  ): boolean {
    this.#equal[0] = person;
    this.#equal[1] = eventId === '' ? `${time} ${Math.fround(numberOf(value))}` : `=${eventId}`;
    this.#equal[2] = type;
    this.#equal[3] = item;
    return this.#recent.add(this.#equal, received);
  }

  #metricsOf(eventType: string): Counted {
    const known = this.#byType.get(eventType);
    if (known) return known;
    const wanted = eventType.toLowerCase();
    const counted = this.#metrics
      .map((metric, index) => ({ metric, index }))
      .filter(({ metric }) => metric.eventType.toLowerCase() === wanted);
    if (this.#byType.size >= rememberedTypes) this.#byType.clear();
    this.#byType.set(eventType, counted);
    return counted;
  }

  #placesIn(layout: Layout): Places {
    const known = this.#places.get(layout);
    if (known) return known;
    const place = (wanted: string) => layout.findIndex(({ name }) => name.toUpperCase() === wanted.toUpperCase());
    const places = {
      session: place(sessionColumn),
      eventId: place(eventIdColumn),
      received: place(receivedColumn),
      user: place('USER_ID'),
      item: place('ITEM_ID'),
      time: place('TIMESTAMP'),
      type: place('EVENT_TYPE'),
      value: place('EVENT_VALUE'),
      recommendation: place('RECOMMENDATION_ID'),
      source: place('EVENT_ATTRIBUTION_SOURCE'),
      summed: this.#metrics.map(({ parsed }) =>
        parsed.math === 'sum' && parsed.dataset === 'INTERACTIONS' ? place(parsed.column) : -1,
      ),
    };
    this.#places.set(layout, places);
    return places;
  }
}

function widen(window: WindowSums, length: number): void {
  const { sums, has } = window;
  window.sums = new Float64Array(length);
  window.sums.set(sums);
  window.has = new Uint8Array(length);
  window.has.set(has);
}
