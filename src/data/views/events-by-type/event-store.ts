import { GrowingIds } from '../live/growing-ids.ts';
import { bytes32, PagedArray } from '../live/paged-array.ts';
import { EventLists } from './event-lists.ts';
import type { EventsByType } from './events-by-type.ts';

/** An event of the stream; what it lacks is empty. */
export type StreamedEvent = {
  readonly sessionId: string;
  readonly userId: string;
  readonly itemId: string;
  readonly eventType: string;
  /** Seconds since the epoch, no later than it was received. */
  readonly time: number;
};

/** Events of one user and type, or of one session that has no user. */
export type EventList = {
  /** Index of the user, or of the session, by its id. */
  readonly owner: number;
  readonly isSession: boolean;
  readonly type: number;
  /** The newest first, distinct in item and time. */
  readonly items: Readonly<Uint32Array>;
  readonly times: Readonly<Uint32Array>;
  readonly count: number;
};

const nothing: ReadonlyMap<string, Uint32Array> = new Map();

/**
 * Of each user the newest events of each type, in flat arrays. Events of a session without a user are its own and go to
 * its first user. Events that agree in owner, type, item and second are one, so what is sent again takes no place.
 */
export class EventStore implements EventsByType {
  readonly items = new GrowingIds();
  readonly users = new GrowingIds();
  readonly sessions = new GrowingIds();
  readonly #types = new GrowingIds();
  readonly #lists: EventLists;
  readonly #ofUsers = new PagedArray(bytes32);
  readonly #ofSessions = new PagedArray(bytes32);
  /** Of each session: its user + 1. */
  readonly #joined = new PagedArray(bytes32);

  /** @param limit most events of a user and type, from 0 on */
  constructor(limit: number) {
    this.#lists = new EventLists(limit);
  }

  /** Memory it holds, in bytes. */
  get bytes(): number {
    const ids = [this.items, this.users, this.sessions, this.#types];
    const arrays = [...ids, this.#ofUsers, this.#ofSessions, this.#joined];
    return arrays.reduce((sum, { bytes }) => sum + bytes, this.#lists.bytes);
  }

  get itemCount(): number {
    return this.items.size;
  }

  itemId(index: number): string {
    return this.items.id(index);
  }

  find(id: string): ReadonlyMap<string, Uint32Array> {
    const user = this.users.find(id);
    if (user >= 0) return this.#eventsOf(this.#ofUsers, user);
    const session = this.sessions.find(id);
    if (session < 0) return nothing;
    const owner = this.#joined.get(session) - 1;
    return owner < 0 ? this.#eventsOf(this.#ofSessions, session) : this.#eventsOf(this.#ofUsers, owner);
  }

  /** Adds an event that arrives now. */
  add({ sessionId, userId, itemId, eventType, time }: StreamedEvent): void {
    const session = this.sessions.add(sessionId);
    const user = userId === '' ? this.#joined.get(session) - 1 : this.users.add(userId);
    if (user >= 0 && this.#joined.get(session) === 0) {
      this.join(session, user);
      this.#lists.move(this.#ofSessions, session, this.#ofUsers, user);
    }
    if (itemId === '' || eventType === '') return;
    const [item, type] = [this.items.add(itemId), this.typeOf(eventType)];
    if (user >= 0) this.#lists.add(this.#ofUsers, user, type, item, time);
    else this.#lists.add(this.#ofSessions, session, type, item, time);
  }

  /** Adds a list that its owner does not have yet. */
  addList({ owner, isSession, type, items, times, count }: EventList): void {
    this.#lists.addList(isSession ? this.#ofSessions : this.#ofUsers, owner, type, items, times, count);
  }

  /** Says whose a session is that has no events of its own. */
  join(session: number, user: number): void {
    this.#joined.set(session, user + 1);
  }

  /** The number of an event type, in any case. */
  typeOf(eventType: string): number {
    return this.#types.add(eventType.toLowerCase());
  }

  #eventsOf(owners: PagedArray, owner: number): ReadonlyMap<string, Uint32Array> {
    const found = new Map<string, Uint32Array>();
    this.#lists.visit(owners, owner, (type, items) => found.set(this.#types.id(type), items));
    return found;
  }
}
