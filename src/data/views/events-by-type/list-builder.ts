import type { EventStore } from './event-store.ts';

const firstRoom = 128;

/** Makes lists of events that come list by list, each from its newest to its oldest. */
export class ListBuilder {
  readonly #store: EventStore;
  readonly #limit: number;
  readonly #users: number;
  #owner = -1;
  #type = -1;
  #items = new Uint32Array(firstRoom);
  #times = new Uint32Array(firstRoom);
  #count = 0;
  /** Of each item the last moment that had it: moments of lists are numbered from 1 on. */
  readonly #lastMoments: Uint32Array;
  #moment = 0;
  #time = -1;

  /** @param store has its users and items already */
  constructor(store: EventStore, limit: number) {
    this.#store = store;
    this.#limit = limit;
    this.#users = store.users.size;
    this.#lastMoments = new Uint32Array(store.items.size);
  }

  /** @param owner index of a user; from the number of users on, those of the sessions */
  add(owner: number, type: number, item: number, time: number): void {
    const isNew = owner !== this.#owner || type !== this.#type;
    if (isNew) {
      this.end();
      this.#owner = owner;
      this.#type = type;
    }
    if (isNew || time !== this.#time) {
      this.#time = time;
      this.#moment++;
    }
    if (this.#count >= this.#limit || this.#lastMoments[item] === this.#moment) return;
    this.#lastMoments[item] = this.#moment;
    if (this.#count === this.#items.length) this.#grow();
    this.#items[this.#count] = item;
    this.#times[this.#count++] = time;
  }

  /** Ends the list that is being made. */
  end(): void {
    const isSession = this.#owner >= this.#users;
    this.#store.addList({
      owner: isSession ? this.#owner - this.#users : this.#owner,
      isSession,
      type: this.#type,
      items: this.#items,
      times: this.#times,
      count: this.#count,
    });
    this.#count = 0;
  }

  #grow(): void {
    this.#items = doubled(this.#items);
    this.#times = doubled(this.#times);
  }
}

function doubled(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * array.length);
  larger.set(array);
  return larger;
}
