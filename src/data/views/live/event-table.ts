import { bytes16, bytes32, floats32, PagedArray } from './paged-array.ts';

/** An event in numbers. */
export type LiveEvent = {
  readonly item: number;
  /** Seconds since the epoch, as 32 bits without a sign. */
  readonly time: number;
  /** Position in the record log at which it was attributed to its owner, from the watermark on, as 32 unsigned bits. */
  readonly position: number;
  /** Digest of its eventId, or else of its own time and content, as 32 bits without a sign. */
  readonly id: number;
  /** NaN for null. */
  readonly value: number;
  /** One of each column. */
  readonly values: readonly number[];
};

type Column = { readonly values: PagedArray };

/** Slots of a block. */
const blockSize = 8;
/** The slot of the event that is about to be added; block 0 has no other use. */
const candidate = 0;
/**
 * The position of a duplicate: an event with the time and content of another. It is held for its id, which a later
 * event may repeat.
 */
const duplicate = 2 ** 32 - 1;
/** The largest position of an event. */
export const farthest = duplicate - 1;

/**
 * The newest events of many owners, in columns: a slot each, in blocks of eight, which form a chain for each owner.
 * Chains are in no order; what is newest is decided by time, then by position.
 */
export class EventTable {
  readonly #limit: number;
  readonly #columns: readonly Column[];
  /** Events of a moment on the same item that agree in these are one event. */
  readonly #content: readonly Column[];
  readonly #items = new PagedArray(bytes32);
  readonly #times = new PagedArray(bytes32);
  readonly #positions = new PagedArray(bytes32);
  readonly #ids = new PagedArray(bytes32);
  readonly #values = new PagedArray(floats32);
  readonly #all: readonly PagedArray[];
  /** Of each block: the next one of its chain, or of the free ones; 0 is none. */
  readonly #next = new PagedArray(bytes32);
  #blocks = 1;
  #free = 0;
  /** Slots of a chain. */
  readonly #scratch: Uint32Array;

  /**
   * @param columns EVENT_TYPE first
   * @param hasType whether events differ that differ in EVENT_TYPE alone
   * @param limit most events of one owner
   */
  constructor(columns: readonly Column[], hasType: boolean, limit: number) {
    this.#limit = limit;
    this.#columns = columns;
    this.#content = hasType ? columns : columns.slice(1);
    this.#all = [
      ...[this.#items, this.#times, this.#positions, this.#ids, this.#values],
      ...columns.map(({ values }) => values),
    ];
    this.#scratch = new Uint32Array(limit);
  }

  /** Memory it holds, in bytes. */
  get bytes(): number {
    return this.#all.reduce((sum, { bytes }) => sum + bytes, this.#next.bytes);
  }

  /**
   * Adds an event, unless the owner has one of its id already, or `limit` newer ones.
   *
   * @returns whether the owner has one more event: not where it was added as a duplicate
   */
  add(chains: Chains, owner: number, event: LiveEvent): boolean {
    this.#items.set(candidate, event.item);
    this.#times.set(candidate, event.time);
    this.#positions.set(candidate, event.position);
    this.#ids.set(candidate, event.id);
    this.#values.set(candidate, event.value);
    for (let n = 0; n < this.#columns.length; n++) this.#columns[n]?.values.set(candidate, event.values[n]);
    return this.#addCandidate(chains, owner);
  }

  /** Gives all events of one owner to another, to whom they are attributed from a position on. */
  move(from: Chains, owner: number, to: Chains, newOwner: number, position: number): void {
    for (const slot of this.slots(from, owner).slice()) {
      this.#copy(slot, candidate);
      this.#positions.set(candidate, position);
      this.#addCandidate(to, newOwner);
    }
    this.#clear(from, owner);
  }

  /** The slots of an owner's events; they hold until the next call of this table. */
  slots(chains: Chains, owner: number): Uint32Array {
    const count = chains.counts.get(owner);
    let end = count;
    for (let block = chains.first.get(owner); end > 0; block = this.#next.get(block)) {
      const used = (end - 1) % blockSize;
      for (let n = used; n >= 0; n--) this.#scratch[--end] = block * blockSize + n;
    }
    return this.#scratch.subarray(0, count);
  }

  item(slot: number): number {
    return this.#items.get(slot);
  }

  time(slot: number): number {
    return this.#times.get(slot);
  }

  position(slot: number): number {
    return this.#positions.get(slot);
  }

  /** Whether it is no duplicate of another event of its owner. */
  isUnique(slot: number): boolean {
    return this.#positions.get(slot) !== duplicate;
  }

  value(slot: number): number {
    return this.#values.get(slot);
  }

  /** Below 0 if the one is older than the other, 0 if neither is. */
  compare(one: number, other: number): number {
    return this.time(one) - this.time(other) || this.position(one) - this.position(other);
  }

  /** Forgets the events of an owner. */
  #clear(chains: Chains, owner: number): void {
    for (let block = chains.first.get(owner); block !== 0; ) {
      const next = this.#next.get(block);
      this.#next.set(block, this.#free);
      this.#free = block;
      block = next;
    }
    chains.first.set(owner, 0);
    chains.counts.set(owner, 0);
  }

  #addCandidate(chains: Chains, owner: number): boolean {
    const slots = this.slots(chains, owner);
    if (slots.some((slot) => this.#hasId(slot))) return false;
    if (slots.some((slot) => this.isUnique(slot) && this.#hasContent(slot))) this.#positions.set(candidate, duplicate);
    let oldest = candidate;
    for (const slot of slots) {
      if (this.compare(slot, oldest) < 0 || (oldest === candidate && this.compare(slot, candidate) === 0))
        oldest = slot;
    }
    if (slots.length >= this.#limit && oldest === candidate) return false;
    this.#copy(candidate, slots.length < this.#limit ? this.#newSlot(chains, owner) : oldest);
    return this.isUnique(candidate);
  }

  /** Whether the candidate is the event of this slot, sent again (spec events.md §2, §8). */
  #hasId(slot: number): boolean {
    const type = this.#columns[0]?.values;
    return (
      this.#ids.get(slot) === this.#ids.get(candidate) &&
      this.#items.get(slot) === this.#items.get(candidate) &&
      type?.get(slot) === type?.get(candidate)
    );
  }

  /** Whether the candidate has the time and the content of this slot's event. */
  #hasContent(slot: number): boolean {
    return (
      this.#items.get(slot) === this.#items.get(candidate) &&
      this.#times.get(slot) === this.#times.get(candidate) &&
      Object.is(this.#values.get(slot), this.#values.get(candidate)) &&
      this.#content.every(({ values }) => Object.is(values.get(slot), values.get(candidate)))
    );
  }

  #newSlot(chains: Chains, owner: number): number {
    const count = chains.counts.get(owner);
    if (count % blockSize === 0) {
      const block = this.#newBlock();
      this.#next.set(block, chains.first.get(owner));
      chains.first.set(owner, block);
    }
    chains.counts.set(owner, count + 1);
    return chains.first.get(owner) * blockSize + (count % blockSize);
  }

  #newBlock(): number {
    if (this.#free === 0) return this.#blocks++;
    const block = this.#free;
    this.#free = this.#next.get(block);
    return block;
  }

  #copy(from: number, to: number): void {
    for (const column of this.#all) column.set(to, column.get(from));
  }
}

/** The chains of owners: of each the block that has room, and the number of events. */
export class Chains {
  readonly first = new PagedArray(bytes32);
  readonly counts = new PagedArray(bytes16);

  get bytes(): number {
    return this.first.bytes + this.counts.bytes;
  }
}
