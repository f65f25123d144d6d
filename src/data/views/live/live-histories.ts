import type { DatasetSchema, Field } from '../../dataset-schema.ts';
import type { StreamedId } from '../../identity.ts';
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

/** What a model wants to know of a user. */
export type HistoryWish = {
  /** Events that came to count up to this position of the record log are those that it was trained on. */
  readonly after: number;
  /** It wants events that meet one of these. */
  readonly events: readonly EventCondition[];
};

/** A user, or a session that has none, and what is known of them beyond the model's own. */
export type LiveHistory = {
  /** Of a session without a user, its own id. */
  readonly userId: string;
  readonly recent: RecentEvents;
};

export type LiveHistoriesOptions = {
  /** Events of a user that agree in all its columns are one event. */
  readonly schema: DatasetSchema;
  /** Columns of the interactions to keep, beside EVENT_TYPE and EVENT_VALUE. */
  readonly fields: readonly Pick<Field, 'name' | 'type'>[];
  /** Most events of a user, 1 to 65,535: the newest. */
  readonly limit: number;
  /** Events that came to count for a user up to this position of the record log are not wanted. */
  readonly after: number;
};

const latestTime = 2 ** 32 - 1;

/**
 * The events of one Interactions dataset that models have not seen yet, by user, in memory: the newest of each. Sessions without a user have
 * a history, too, which goes over to the first user that the session is seen with. What came last in time is newest, whenever it
 * arrived: nodes that hear of the same events in other orders agree.
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

  constructor({ schema, fields, limit, after }: LiveHistoriesOptions) {
    this.after = after;
    this.#columns = new LiveColumns(schema, fields);
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

  /** Takes note of a user whom events named that are not taken in. */
  addUser(userId: string): void {
    this.#users.add(userId);
  }

  /**
   * Takes in an event. One that counted for its user up to `after` is no part of what is found; it is taken in so that it is known when it is sent
   * again.
   *
   * @param values as the record log has them; empty is null
   * @param position where the log has it
   */
  add(values: readonly string[], places: ColumnIndexes, position: number): void {
    const textOf = (column: number) => values[places[column] ?? -1] ?? '';
    const session = this.#sessions.add(textOf(member.session));
    const userId = textOf(member.user);
    const user = userId === '' ? this.#joined.get(session) - 1 : this.#users.add(userId);
    // What is beyond counts as the last.
    const place = Math.min(Math.max(position - this.after, 0), farthest);
    if (user >= 0 && this.#joined.get(session) === 0) this.#join(session, user, place);
    const itemId = textOf(member.item);
    if (itemId === '') return;
    const value = textOf(member.value);
    const event = {
      item: this.#items.add(itemId),
      time: timeOf(Number(textOf(member.sentAt)), Number(textOf(member.receivedAt))),
      position: place,
      id: this.#columns.idOf(textOf),
      value: value === '' ? Number.NaN : Number(value),
      values: this.#columns.valuesOf(textOf),
    };
    if (user >= 0) this.#events.add(this.#ofUsers, user, event);
    else this.#events.add(this.#ofSessions, session, event);
  }

  /** What is known of a user of this id, or else of a session: its events are its user's once it has one. */
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
    // What a session without a user has done was in no training.
    const from = chains === this.#ofSessions ? -1 : after - this.after;
    const isWanted = this.#filter(events);
    const table = this.#events;
    const slots = table
      .slots(chains, owner)
      .filter((slot) => table.isCounted(slot) && table.position(slot) > from && isWanted(slot));
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

  #join(session: number, user: number, place: number): void {
    this.#joined.set(session, user + 1);
    this.#events.move(this.#ofSessions, session, this.#ofUsers, user, place);
  }

  #filter(conditions: readonly EventCondition[]): (slot: number) => boolean {
    const meets = meetsOneOf(conditions);
    const { values, decode } = this.#columns.types;
    return (slot) => meets(decode(values.get(slot)), this.#events.value(slot));
  }
}

/** Nothing has happened after it was told, or before there were clocks: what says so came when it was told, or first of all. */
const timeOf = (sentAt: number, receivedAt: number): number =>
  Math.min(Math.max(Math.min(sentAt, Math.floor(receivedAt / 1000)), 0), latestTime);
