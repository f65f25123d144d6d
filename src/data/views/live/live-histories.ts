import type { DatasetSchema, Field } from '../../dataset-schema.ts';
import type { EventDatasetType } from '../../dataset-types.ts';
import type { StreamedId } from '../../identity.ts';
import { timeOf } from '../event-time.ts';
import { type EventCondition, meetsOneOf } from './event-condition.ts';
import { Chains, EventTable, farthest } from './event-table.ts';
import { GrowingIds } from './growing-ids.ts';
import { type ColumnIndexes, LiveColumns, member } from './live-columns.ts';
import { bytes32, PagedArray } from './paged-array.ts';

/** What someone has done since a training, from the oldest to the newest; the arrays run side by side. */
export type RecentEvents = {
  readonly items: readonly string[];
  /** Seconds since the epoch. */
  readonly timestamps: Float64Array;
  /** Values by column of the interactions, as a request writes them; empty where there is none. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
};

/** The events that a model wants of a user. */
export type HistoryWish = {
  /** The model's watermark: it was trained on the events that were attributed up to this position of the record log. */
  readonly after: number;
  /** It wants events that meet one of these. */
  readonly events: readonly EventCondition[];
};

/** A user, or a session that has none, and their events since the model's training. */
export type LiveHistory = {
  /** The session's own id where it has no user. */
  readonly userId: string;
  readonly recent: RecentEvents;
};

export type LiveHistoriesOptions = {
  /** Events of a user that agree in all its columns are one event. */
  readonly schema: DatasetSchema;
  /** What they are about; items unless given. */
  readonly type?: EventDatasetType;
  /** Columns of the interactions to keep, beside EVENT_TYPE and EVENT_VALUE. */
  readonly fields: readonly Pick<Field, 'name' | 'type'>[];
  /** Most events of a user, 1 to 65,535: the newest. */
  readonly limit: number;
  /** The oldest watermark: events that were attributed to a user up to this position are not wanted. */
  readonly after: number;
};

/**
 * The events of one dataset that models have not seen yet, in memory: the newest of each user. A session
 * without a user has a history, too, which goes to the first user that the session is seen with. The newest is the last
 * in time, whenever it arrived, so nodes that see the same events in other orders agree.
 */
export class LiveHistories {
  /** As in the options. */
  readonly after: number;
  readonly #columns: LiveColumns;
  readonly #events: EventTable;
  readonly #items = new GrowingIds();
  readonly #users = new GrowingIds();
  readonly #ofUsers = new Chains();
  readonly #sessions = new GrowingIds();
  readonly #ofSessions = new Chains();
  /** Of each session: its user + 1. */
  readonly #joined = new PagedArray(bytes32);

  constructor({ schema, type, fields, limit, after }: LiveHistoriesOptions) {
    this.after = after;
    this.#columns = new LiveColumns(schema, fields, type);
    this.#events = new EventTable(this.#columns.stored, this.#columns.hasType, limit);
  }

  /** Memory it holds, in bytes. */
  get bytes(): number {
    const ids = [this.#items, this.#users, this.#sessions, this.#ofUsers, this.#ofSessions, this.#joined];
    return ids.reduce((sum, { bytes }) => sum + bytes, this.#events.bytes);
  }

  /** Names of the columns that `add` reads. */
  get columnNames(): readonly string[] {
    return this.#columns.names;
  }

  /** Where those are among these columns. */
  indexesIn(names: readonly string[]): ColumnIndexes {
    return this.#columns.indexesIn(names);
  }

  /** Adds a user whom events have named that are not added. */
  addUser(userId: string): void {
    this.#users.add(userId);
  }

  /**
   * Adds an event. One that was attributed up to `after` is not part of a history; it is held so that it is recognised
   * when it is sent again.
   *
   * @param values as the record log has them; empty is null
   * @param position its position in the log
   * @returns whether the history has one more event: it is about an item, is no repetition, and is among the newest
   */
  add(values: readonly string[], indexes: ColumnIndexes, position: number): boolean {
    const textOf = (column: number) => values[indexes[column] ?? -1] ?? '';
    const session = this.#sessions.add(textOf(member.session));
    const userId = textOf(member.user);
    const user = userId === '' ? this.#joined.get(session) - 1 : this.#users.add(userId);
    // Positions beyond the farthest are one position.
    const sinceWatermark = Math.min(Math.max(position - this.after, 0), farthest);
    if (user >= 0 && this.#joined.get(session) === 0) this.#join(session, user, sinceWatermark);
    const itemId = textOf(member.item);
    if (itemId === '') return false;
    const value = textOf(member.value);
    const event = {
      item: this.#items.add(itemId),
      time: timeOf(Number(textOf(member.sentAt)), Number(textOf(member.receivedAt))),
      position: sinceWatermark,
      id: this.#columns.idOf(textOf),
      value: value === '' ? Number.NaN : Number(value),
      values: this.#columns.valuesOf(textOf),
    };
    if (user >= 0) return this.#events.add(this.#ofUsers, user, event);
    return this.#events.add(this.#ofSessions, session, event);
  }

  /** The history of the user of this id, or else of the session, whose events are its user's once it has one. */
  find(id: string, wish: HistoryWish): StreamedId<LiveHistory> {
    const user = this.#users.find(id);
    if (user >= 0) return { user: this.#historyOf(this.#ofUsers, user, id, wish) };
    const session = this.#sessions.find(id);
    if (session < 0) return {};
    const owner = this.#joined.get(session) - 1;
    if (owner < 0) return { session: this.#historyOf(this.#ofSessions, session, id, wish) };
    return { session: this.#historyOf(this.#ofUsers, owner, this.#users.id(owner), wish) };
  }

  #historyOf(chains: Chains, owner: number, userId: string, { after, events }: HistoryWish): LiveHistory {
    // No training has seen the events of a session without a user.
    const from = chains === this.#ofSessions ? -1 : after - this.after;
    const isWanted = this.#filter(events);
    const table = this.#events;
    const slots = table
      .slots(chains, owner)
      .filter((slot) => table.isUnique(slot) && table.position(slot) > from && isWanted(slot));
    slots.sort((one, other) => table.compare(one, other));
    return {
      userId,
      recent: {
        items: Array.from(slots, (slot) => this.#items.id(table.item(slot))),
        timestamps: Float64Array.from(slots, (slot) => table.time(slot)),
        columns: new Map(
          this.#columns.kept.map(({ name, values, decode }) => [
            name,
            Array.from(slots, (slot) => decode(values.get(slot))),
          ]),
        ),
      },
    };
  }

  #join(session: number, user: number, sinceWatermark: number): void {
    this.#joined.set(session, user + 1);
    this.#events.move(this.#ofSessions, session, this.#ofUsers, user, sinceWatermark);
  }

  #filter(conditions: readonly EventCondition[]): (slot: number) => boolean {
    const meets = meetsOneOf(conditions);
    const { values, decode } = this.#columns.types;
    return (slot) => meets(decode(values.get(slot)), this.#events.value(slot));
  }
}
