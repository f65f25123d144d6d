import { setImmediate as letOthersRun } from 'node:timers/promises';
import { eventIdColumn, receivedColumn, sessionColumn } from '../../../data/records/event-lines.ts';
import { decodeLines, type Layout } from '../../../data/records/layout.ts';
import type { LogEntry } from '../../../data/records/record-log.ts';
import { timeOf } from '../../../data/views/event-time.ts';
import { meetsOneOf } from '../../../data/views/live/event-condition.ts';
import { GrowingIds } from '../../../data/views/live/growing-ids.ts';
import type { Snapshot } from '../../../data/views/view.ts';
import type { LiveItemView, LiveQuery } from '../../model/live-view.ts';
import type { Ranking, RecommendQuery, Trend } from '../../model/model.ts';
import type { LiveViewParts } from '../../recipes/live-answers.ts';
import { IntervalCounts } from './interval-counts.ts';
import { intervalOf } from './parameters.ts';
import { readCounts } from './read-counts.ts';
import { mix, noTexts, RecentEvents } from './recent-events.ts';
import { trendingItems } from './trending-items.ts';

/** Items without recent interactions are forgotten once there are so many, and more than there are others. */
const manyForgotten = 2 ** 16;

/**
 * What trends in a dataset group, before the model of aws-trending-now, which knows what is popular (spec recipes.md
 * §2.8). Interactions are those of files and of the record log, attributed or not. Intervals are those of the
 * interactions' own times and end with the newest, so that data of long ago has its trends, too; they hold for two
 * intervals after something last came in.
 */
export class TrendView implements LiveItemView {
  readonly #parts: LiveViewParts;
  readonly #intervalSeconds: number;
  readonly #counts: IntervalCounts;
  readonly #ids = new GrowingIds();
  readonly #recent = new RecentEvents();
  readonly #counted: (eventType: string, value: number) => boolean;
  readonly #indexes = new Map<Layout, ColumnIndexes>();
  /** When something last came in, in milliseconds since the epoch. */
  #receivedAt = Number.NEGATIVE_INFINITY;
  /** What trends, best first. */
  #trending: readonly ListedTrend[] = [];
  #active = 0;
  /** Something has come in since the list was made. */
  #hasChanged = false;
  #making: Promise<void> | undefined;

  constructor(parts: LiveViewParts) {
    this.#parts = parts;
    this.#intervalSeconds = intervalOf(parts.parameters);
    this.#counts = new IntervalCounts(this.#intervalSeconds);
    this.#counted = meetsOneOf(parts.events);
  }

  get model(): string {
    return this.#parts.model;
  }

  get bytes(): number {
    return this.#counts.bytes + this.#ids.bytes + this.#recent.bytes;
  }

  /** Whether reading again would drop many items that nobody interacts with any more. */
  get isStale(): boolean {
    return this.#ids.size - this.#active > Math.max(this.#active, manyForgotten);
  }

  async read({ of, temporaryFolder }: Snapshot, signal: AbortSignal): Promise<void> {
    const { datasets, events, clock } = this.#parts;
    const { files, importedAt = Number.NEGATIVE_INFINITY } = of(datasets.INTERACTIONS?.arn ?? '');
    const now = Math.floor(clock.now() / 1000);
    const received = await readCounts(this.#counts, this.#ids, { files, events, now, temporaryFolder, signal });
    this.#receivedAt = Math.max(importedAt, received);
    await this.#makeList();
  }

  apply({ body, receivedAt }: LogEntry, layout: Layout): void {
    const at = this.#indexesIn(layout);
    for (const values of decodeLines(body)) {
      const [id, type, sent] = [values[at.item] ?? '', values[at.type] ?? '', values[at.sent] ?? ''];
      if (id === '' || !this.#counted(type, numberOf(values[at.value]))) continue;
      this.#receivedAt = Math.max(this.#receivedAt, receivedAt);
      // Without an id of its own, an event is known by its time (spec events.md §2).
      const event = mix(mix(mix(noTexts, id), type), values[at.user] || values[at.session] || '');
      if (this.#recent.isRepeated(mix(event, values[at.event] || sent))) continue;
      this.#counts.add(this.#ids.add(id), timeOf(Number(sent), Number(values[at.received])));
      this.#hasChanged = true;
    }
  }

  /** Makes the list again after a change: every few seconds, for less than what events come to. */
  expire(): void {
    if (!this.#hasChanged || this.#making) return;
    this.#making = this.#makeList().finally(() => {
      this.#making = undefined;
    });
  }

  /** Resolves when no list is being made. */
  async idle(): Promise<void> {
    await this.#making;
  }

  async recommend(
    { allows = () => true, ...query }: LiveQuery,
    askModel: (query: RecommendQuery) => Promise<Ranking>,
  ): Promise<Ranking> {
    const { count } = query;
    const trends: ListedTrend[] = [];
    for (const trend of this.#isOver() ? [] : this.#trending) {
      if (trends.length === count) break;
      if (allows(trend.id)) trends.push(trend);
    }
    const listed = new Set(trends.map(({ id }) => id));
    if (listed.size === count) return { items: [...listed], trends };
    const popular = await askModel({ ...query, count: count + listed.size });
    for (const id of popular.items) listed.add(id);
    return { items: [...listed].slice(0, count), trends };
  }

  /** Whether nothing has come in for two intervals. */
  #isOver(): boolean {
    return this.#parts.clock.now() - this.#receivedAt > 2000 * this.#intervalSeconds;
  }

  async #makeList(): Promise<void> {
    this.#hasChanged = false;
    const { items, active } = await trendingItems(this.#counts, this.#ids.size, letOthersRun);
    // Numbers of items hang on the order in which nodes were notified; ids do not.
    this.#trending = items
      .map(({ item, growth, current }) => ({ id: this.#ids.id(item), growth, interactions: current }))
      .sort((a, b) => b.growth - a.growth || b.interactions - a.interactions || (a.id < b.id ? -1 : 1));
    this.#active = active;
  }

  #indexesIn(layout: Layout): ColumnIndexes {
    const known = this.#indexes.get(layout);
    if (known) return known;
    const at = (column: string) => layout.findIndex(({ name }) => name === column);
    const indexes = {
      session: at(sessionColumn),
      event: at(eventIdColumn),
      user: at('USER_ID'),
      item: at('ITEM_ID'),
      type: at('EVENT_TYPE'),
      value: at('EVENT_VALUE'),
      sent: at('TIMESTAMP'),
      received: at(receivedColumn),
    };
    this.#indexes.set(layout, indexes);
    return indexes;
  }
}

type ListedTrend = Trend & { readonly id: string };

/** Where values stand in a line of the log. */
type ColumnIndexes = Readonly<
  Record<'session' | 'event' | 'user' | 'item' | 'type' | 'value' | 'sent' | 'received', number>
>;

const numberOf = (text: string | undefined) => (text === undefined || text === '' ? Number.NaN : Number(text));
