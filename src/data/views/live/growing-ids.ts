import { GrowingArray, sharedBytes, sharedWords } from '../growing-array.ts';

/** A power of two. Each part grows on its own, which takes no longer than a millisecond or so among millions of ids. */
const parts = 256;
const pageBytes = 2 ** 20;
const firstSlots = 8;
/** Most slots of a part that are used. */
const mostUsed = 0.75;
/** Ids begin at multiples of it, so that 32 bits reach over 16 GiB. */
const alignment = 4;
const mostBytes = 2 ** 32 * alignment;
/** Bytes of an id's length before its text: seven bits each. */
const mostLengthBytes = 3;
const longest = pageBytes - mostLengthBytes;
const shortText = 64;

/**
 * Ids or other texts, numbered from 0 on in the order in which they come: flat UTF-8 in shared memory and an
 * open-addressing hash table in parts, without an object per id.
 */
export class GrowingIds {
  #size = 0;
  /** All but the last are full. */
  readonly #pages: GrowingArray<Uint8Array>[] = [];
  /** Where the next id goes, over all pages; none lies across two of them. */
  #end = 0;
  readonly #starts = new GrowingArray(sharedWords);
  readonly #parts: Part[] = new Array(parts).fill(emptyPart);
  /** An id that is looked up by its text. */
  #sought = new Uint8Array(1024);

  get size(): number {
    return this.#size;
  }

  /** Memory it holds, in bytes. */
  get bytes(): number {
    const slots = this.#parts.reduce((sum, { tags, numbers }) => sum + tags.byteLength + numbers.byteLength, 0);
    return this.#pages.reduce((sum, page) => sum + page.bytes, slots + this.#starts.bytes);
  }

  /** Makes room for so many ids at once, which is faster than to grow with them. */
  reserve(count: number): void {
    const slots = 2 ** Math.ceil(Math.log2(count / parts / mostUsed + 1));
    for (let part = 0; part < parts; part++) if (this.#parts[part].tags.length < slots) this.#resize(part, slots);
    this.#starts.reserve(count);
  }

  /** -1 if the id is unknown. */
  find(id: string): number {
    const length = this.#encode(id);
    const hash = hashOf(this.#sought, 0, length);
    const part = this.#parts[hash % parts];
    const slot = this.#slot(part, hash, this.#sought, 0, length);
    return part.tags[slot] === 0 ? -1 : part.numbers[slot];
  }

  /**
   * The number of an id, which gets one if it has none.
   *
   * @throws RangeError for one that takes about a mebibyte, or if all together take 16 GiB
   */
  add(id: string): number {
    const length = this.#encode(id);
    return this.addUtf8(this.#sought, 0, length);
  }

  /** The same for an id whose UTF-8 stands in `bytes`. */
  addUtf8(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashOf(bytes, start, end);
    let part = this.#parts[hash % parts];
    if (part.used + 1 > mostUsed * part.tags.length)
      part = this.#resize(hash % parts, Math.max(firstSlots, 2 * part.tags.length));
    const slot = this.#slot(part, hash, bytes, start, end);
    if (part.tags[slot] > 0) return part.numbers[slot];
    const number = this.#size;
    this.#store(number, bytes, start, end);
    this.#size = number + 1;
    part.tags[slot] = tagOf(hash);
    part.numbers[slot] = number;
    part.used++;
    return number;
  }

  /** The id of a number that `add` gave. @throws RangeError for any other */
  id(number: number): string {
    const { buffer, byteOffset, byteLength } = this.utf8(number);
    // Through Buffer, since TextDecoder refuses shared memory.
    return Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
  }

  /** The UTF-8 of an id; do not change it. */
  utf8(number: number): Uint8Array {
    if (!(number >= 0 && number < this.#size)) throw new RangeError(`There is no id ${number} among ${this.#size}.`);
    const start = this.#starts.values[number] * alignment;
    const page = this.#pages[Math.floor(start / pageBytes)].values;
    const at = start % pageBytes;
    const length = lengthAt(page, at);
    return page.subarray(at + lengthBytes(length), at + lengthBytes(length) + length);
  }

  /** @returns how many bytes of `#sought` the id takes */
  #encode(id: string): number {
    if (3 * id.length > this.#sought.length) this.#sought = new Uint8Array(3 * id.length);
    // Most ids are short and of ASCII, for which a call of the encoder costs more than a loop.
    for (let n = 0; n < id.length; n++) {
      const unit = id.charCodeAt(n);
      if (unit > 127 || n === shortText) return encoder.encodeInto(id, this.#sought).written;
      this.#sought[n] = unit;
    }
    return id.length;
  }

  /** The slot of an id, or the free one where it belongs. */
  #slot({ tags, numbers }: Part, hash: number, bytes: Uint8Array, start: number, end: number): number {
    const mask = tags.length - 1;
    const tag = tagOf(hash);
    for (let slot = Math.floor(hash / parts) & mask; ; slot = (slot + 1) & mask) {
      if (tags[slot] === 0 || (tags[slot] === tag && this.#equals(numbers[slot], bytes, start, end))) return slot;
    }
  }

  #equals(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts.values[number] * alignment;
    const page = this.#pages[Math.floor(from / pageBytes)].values;
    let at = from % pageBytes;
    const length = end - start;
    if (lengthAt(page, at) !== length) return false;
    at += lengthBytes(length);
    for (let n = 0; n < length; n++) if (page[at + n] !== bytes[start + n]) return false;
    return true;
  }

  #store(number: number, bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    const size = lengthBytes(length) + length;
    if (length > longest) throw new RangeError(`An id has ${length} bytes.`);
    if (this.#pages.length * pageBytes - this.#end < size) {
      if (this.#end + 2 * pageBytes > mostBytes) throw new RangeError('There is no room for more ids.');
      this.#end = this.#pages.length * pageBytes;
      this.#pages.push(new GrowingArray(sharedBytes));
    }
    const page = this.#pages[this.#pages.length - 1];
    let at = this.#end % pageBytes;
    page.reserve(at + size);
    const { values } = page;
    for (let rest = length; ; rest >>>= 7) {
      values[at++] = rest < 128 ? rest : (rest & 127) | 128;
      if (rest < 128) break;
    }
    for (let n = start; n < end; n++) values[at++] = bytes[n];
    this.#starts.reserve(number + 1);
    this.#starts.values[number] = this.#end / alignment;
    this.#end += Math.ceil(size / alignment) * alignment;
  }

  #resize(index: number, slots: number): Part {
    const before = this.#parts[index];
    const part: Part = { tags: new Uint8Array(slots), numbers: new Uint32Array(slots), used: before.used };
    const mask = slots - 1;
    for (let from = 0; from < before.tags.length; from++) {
      if (before.tags[from] === 0) continue;
      const number = before.numbers[from];
      const start = this.#starts.values[number] * alignment;
      const page = this.#pages[Math.floor(start / pageBytes)].values;
      const length = lengthAt(page, start % pageBytes);
      const at = (start % pageBytes) + lengthBytes(length);
      let slot = Math.floor(hashOf(page, at, at + length) / parts) & mask;
      while (part.tags[slot] > 0) slot = (slot + 1) & mask;
      part.tags[slot] = before.tags[from];
      part.numbers[slot] = number;
    }
    this.#parts[index] = part;
    return part;
  }
}

/** A hash table with a power of two of slots. At least one is free. */
type Part = {
  /** Bits of the hash, so that hardly any other id is compared to the one that is looked for; 0 is free. */
  readonly tags: Uint8Array;
  readonly numbers: Uint32Array;
  used: number;
};

const emptyPart: Part = { tags: new Uint8Array(1), numbers: new Uint32Array(1), used: 0 };
const tagOf = (hash: number): number => (hash >>> 24) | 1;

const encoder = new TextEncoder();

const lengthBytes = (length: number) => (length < 2 ** 7 ? 1 : length < 2 ** 14 ? 2 : mostLengthBytes);

function lengthAt(page: Uint8Array, at: number): number {
  const first = page[at];
  if (first < 128) return first;
  const second = page[at + 1];
  return second < 128 ? (first & 127) | (second << 7) : (first & 127) | ((second & 127) << 7) | (page[at + 2] << 14);
}

/** Four bytes at a time, mixed as in MurmurHash3 (Appleby). */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const word = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    hash = Math.imul(hash ^ word, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ bytes[at], 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
