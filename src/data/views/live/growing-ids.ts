import { bytes16, bytes32, PagedArray } from './paged-array.ts';

/** A power of two. Each part grows on its own, which takes no longer than a millisecond or so among millions of ids. */
const parts = 256;
const pageBytes = 2 ** 20;
const firstSlots = 16;

/**
 * Ids, numbered from 0 on in the order in which they come: flat UTF-8 and an open-addressing hash table in parts,
 * without an object per id.
 */
export class GrowingIds {
  #size = 0;
  readonly #pages: Buffer[] = [];
  /** Where the next id goes, over all pages; none lies across two of them. */
  #end = 0;
  readonly #starts = new PagedArray(bytes32);
  readonly #lengths = new PagedArray(bytes16);
  /** For each part: slot → number + 1; 0 is free. A power of two of slots, at most three quarters of them used. */
  readonly #slots: Uint32Array[] = Array.from({ length: parts }, () => new Uint32Array(firstSlots));
  readonly #used = new Uint32Array(parts);
  /** The id that is looked up: its bytes and how many there are. */
  #sought = new Uint8Array(1024);
  #length = 0;

  get size(): number {
    return this.#size;
  }

  /** Memory it holds, in bytes. */
  get bytes(): number {
    const slots = this.#slots.reduce((sum, part) => sum + part.byteLength, 0);
    return this.#pages.length * pageBytes + slots + this.#starts.bytes + this.#lengths.bytes;
  }

  /** -1 if the id is unknown. */
  find(id: string): number {
    const hash = this.#seek(id);
    const slots = this.#slotsOf(hash);
    return slots[this.#slot(slots, hash)] - 1;
  }

  /** The number of an id, which gets one if it has none. */
  add(id: string): number {
    const hash = this.#seek(id);
    const slots = this.#slotsOf(hash);
    const slot = this.#slot(slots, hash);
    const known = slots[slot];
    if (known > 0) return known - 1;
    const number = this.#size++;
    this.#store(number);
    slots[slot] = number + 1;
    const part = hash % parts;
    this.#used[part] += 1;
    if (4 * this.#used[part] > 3 * slots.length) this.#grow(part);
    return number;
  }

  /** The id of a number that `add` gave. */
  id(number: number): string {
    const start = this.#starts.get(number);
    const page = this.#pages[Math.floor(start / pageBytes)];
    if (!page || number >= this.#size) throw new RangeError(`There is no id ${number} among ${this.#size}.`);
    const at = start % pageBytes;
    return page.toString('utf8', at, at + this.#lengths.get(number));
  }

  /** Makes an id the one that is looked up. @returns its hash */
  #seek(id: string): number {
    if (3 * id.length > this.#sought.length) this.#sought = new Uint8Array(3 * id.length);
    this.#length = encoder.encodeInto(id, this.#sought).written;
    return fnv1a(this.#sought, 0, this.#length);
  }

  #slotsOf(hash: number): Uint32Array {
    return this.#slots[hash % parts] ?? new Uint32Array(firstSlots);
  }

  /** The slot of the id that is looked up, or the free one where it belongs. */
  #slot(slots: Uint32Array, hash: number): number {
    const mask = slots.length - 1;
    for (let slot = Math.floor(hash / parts) & mask; ; slot = (slot + 1) & mask) {
      const entry = slots[slot];
      if (entry === 0 || this.#isSought(entry - 1)) return slot;
    }
  }

  #isSought(number: number): boolean {
    const length = this.#length;
    if (this.#lengths.get(number) !== length) return false;
    const start = this.#starts.get(number);
    const page = this.#pages[Math.floor(start / pageBytes)] ?? this.#sought;
    const at = start % pageBytes;
    const sought = this.#sought;
    for (let n = 0; n < length; n++) if (page[at + n] !== sought[n]) return false;
    return true;
  }

  #store(number: number): void {
    if (this.#length > pageBytes) throw new RangeError(`An id has ${this.#length} bytes.`);
    const room = this.#pages.length * pageBytes - this.#end;
    if (room < this.#length) {
      this.#end = this.#pages.length * pageBytes;
      this.#pages.push(Buffer.alloc(pageBytes));
    }
    this.#pages.at(-1)?.set(this.#sought.subarray(0, this.#length), this.#end % pageBytes);
    this.#starts.set(number, this.#end);
    this.#lengths.set(number, this.#length);
    this.#end += this.#length;
  }

  #grow(part: number): void {
    const before = this.#slots[part] ?? new Uint32Array();
    const slots = new Uint32Array(2 * before.length);
    const mask = slots.length - 1;
    for (const entry of before) {
      if (entry === 0) continue;
      const start = this.#starts.get(entry - 1);
      const page = this.#pages[Math.floor(start / pageBytes)] ?? new Uint8Array();
      const at = start % pageBytes;
      let slot = Math.floor(fnv1a(page, at, at + this.#lengths.get(entry - 1)) / parts) & mask;
      while (slots[slot] > 0) slot = (slot + 1) & mask;
      slots[slot] = entry;
    }
    this.#slots[part] = slots;
  }
}

const encoder = new TextEncoder();

/** FNV-1a over 32 bits (Fowler, Noll, Vo), with a last mix since tables use the low bits. */
function fnv1a(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let n = start; n < end; n++) hash = Math.imul(hash ^ bytes[n], 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
