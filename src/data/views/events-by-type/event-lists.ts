import { bytes32, PagedArray } from '../live/paged-array.ts';

/** The lists of owners: of each the first one, 0 for none. */
export type OwnerLists = PagedArray;

/** Lists are numbered from 1 on; 0 is none. */
const none = 0;

/**
 * The newest events of many owners, in a list for each owner and type. The events of a list are distinct in item and
 * time, and lie side by side from the oldest to the newest, by time and then by arrival. A list has room for the next
 * power of two; one that outgrows its room moves to a larger one.
 */
export class EventLists {
  readonly #limit: number;
  readonly #items = new PagedArray(bytes32);
  readonly #times = new PagedArray(bytes32);
  /** Room that was never used begins here. */
  #end = 1;
  /** By the logarithm of their size, rooms that became free: the first of a chain through `#items`; 0 is none. */
  readonly #freeRooms = new Uint32Array(33);
  readonly #types = new PagedArray(bytes32);
  /** Of each list: the next of its owner, or of the free ones. */
  readonly #next = new PagedArray(bytes32);
  readonly #starts = new PagedArray(bytes32);
  readonly #counts = new PagedArray(bytes32);
  #lastList = none;
  #freeLists = none;

  /** @param limit most events of a list */
  constructor(limit: number) {
    this.#limit = Math.min(limit, 2 ** 31);
  }

  /** Memory it holds, in bytes. */
  get bytes(): number {
    const arrays = [this.#items, this.#times, this.#types, this.#next, this.#starts, this.#counts];
    return arrays.reduce((sum, { bytes }) => sum + bytes, this.#freeRooms.byteLength);
  }

  /**
   * Adds an event that arrives now. One with item and time of another replaces it, and one that is older than all of a
   * full list is left out.
   *
   * @param time seconds since the epoch, as 32 bits without a sign
   */
  add(owners: OwnerLists, owner: number, type: number, item: number, time: number): void {
    if (this.#limit === 0) return;
    const list = this.#find(owners, owner, type) || this.#newList(owners, owner, type);
    const start = this.#starts.get(list);
    const count = this.#counts.get(list);
    let end = start + count;
    while (end > start && this.#times.get(end - 1) > time) end--;
    const repeated = this.#findRepeated(start, end, item, time);
    if (repeated < 0 && count < this.#limit) {
      this.#insert(list, end - start, item, time);
    } else if (end > start) {
      this.#shiftDown(Math.max(repeated, start), end);
      this.#set(end - 1, item, time);
    }
  }

  /**
   * Adds a list to an owner who has none of the type.
   *
   * @param items of its events, the newest first, distinct in item and time
   * @param count how many events there are, at most the limit
   */
  addList(
    owners: OwnerLists,
    owner: number,
    type: number,
    items: Readonly<Uint32Array>,
    times: Readonly<Uint32Array>,
    count: number,
  ): void {
    if (count === 0) return;
    const list = this.#newList(owners, owner, type);
    const start = this.#newRoom(roomFor(count));
    this.#starts.set(list, start);
    this.#counts.set(list, count);
    for (let n = 0; n < count; n++) this.#set(start + count - 1 - n, items[n], times[n]);
  }

  /** Gives all events of one owner to another, to whom they arrive now. */
  move(from: OwnerLists, owner: number, to: OwnerLists, newOwner: number): void {
    for (let list = from.get(owner); list !== none; ) {
      const start = this.#starts.get(list);
      const count = this.#counts.get(list);
      const type = this.#types.get(list);
      for (let at = start; at < start + count; at++) {
        this.add(to, newOwner, type, this.#items.get(at), this.#times.get(at));
      }
      if (count > 0) this.#freeRoom(start, roomFor(count));
      const next = this.#next.get(list);
      this.#next.set(list, this.#freeLists);
      this.#freeLists = list;
      list = next;
    }
    if (from.get(owner) !== none) from.set(owner, none);
  }

  /** Shows each list of an owner: its type, and the items of its events. */
  visit(owners: OwnerLists, owner: number, visitor: (type: number, items: Uint32Array) => void): void {
    for (let list = owners.get(owner); list !== none; list = this.#next.get(list)) {
      const start = this.#starts.get(list);
      const items = new Uint32Array(this.#counts.get(list));
      for (let n = 0; n < items.length; n++) items[n] = this.#items.get(start + n);
      visitor(this.#types.get(list), items);
    }
  }

  #find(owners: OwnerLists, owner: number, type: number): number {
    let list = owners.get(owner);
    while (list !== none && this.#types.get(list) !== type) list = this.#next.get(list);
    return list;
  }

  #newList(owners: OwnerLists, owner: number, type: number): number {
    const list = this.#freeLists === none ? ++this.#lastList : this.#freeLists;
    if (list === this.#freeLists) this.#freeLists = this.#next.get(list);
    this.#types.set(list, type);
    this.#counts.set(list, 0);
    this.#next.set(list, owners.get(owner));
    owners.set(owner, list);
    return list;
  }

  /** Where the event of this item and time lies, among those from `start` on that end before `end`; -1 if none does. */
  #findRepeated(start: number, end: number, item: number, time: number): number {
    for (let at = end - 1; at >= start && this.#times.get(at) === time; at--) {
      if (this.#items.get(at) === item) return at;
    }
    return -1;
  }

  /** Puts an event into a list that has room for it. */
  #insert(list: number, index: number, item: number, time: number): void {
    const count = this.#counts.get(list);
    if (count === 0 || roomFor(count) < roomFor(count + 1)) this.#moveToLarger(list, count);
    const start = this.#starts.get(list);
    for (let at = start + count; at > start + index; at--) this.#copy(at - 1, at);
    this.#set(start + index, item, time);
    this.#counts.set(list, count + 1);
  }

  #moveToLarger(list: number, count: number): void {
    const before = this.#starts.get(list);
    const start = this.#newRoom(roomFor(count + 1));
    for (let n = 0; n < count; n++) this.#copy(before + n, start + n);
    if (count > 0) this.#freeRoom(before, roomFor(count));
    this.#starts.set(list, start);
  }

  /** Drops what lies at `at`: what follows, up to `end`, moves by one. */
  #shiftDown(at: number, end: number): void {
    for (let next = at + 1; next < end; next++) this.#copy(next, next - 1);
  }

  #copy(from: number, to: number): void {
    this.#set(to, this.#items.get(from), this.#times.get(from));
  }

  #set(at: number, item: number, time: number): void {
    this.#items.set(at, item);
    this.#times.set(at, time);
  }

  #newRoom(logarithm: number): number {
    const free = this.#freeRooms[logarithm];
    if (free !== 0) {
      this.#freeRooms[logarithm] = this.#items.get(free);
      return free;
    }
    const start = this.#end;
    this.#end += Math.min(2 ** logarithm, this.#limit);
    return start;
  }

  #freeRoom(start: number, logarithm: number): void {
    this.#items.set(start, this.#freeRooms[logarithm]);
    this.#freeRooms[logarithm] = start;
  }
}

/** The logarithm of the size of the room for so many events, at least one. */
const roomFor = (count: number): number => 32 - Math.clz32(count - 1);
