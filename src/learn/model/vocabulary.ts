/** What a vocabulary consists of: a message to another thread carries it and does not copy it. */
export type VocabularyParts = {
  readonly utf8: Uint8Array;
  readonly offsets: Uint32Array;
  readonly slots: Uint32Array;
};

/**
 * The ids of users or items by index: flat UTF-8 with offsets, and an open-addressing hash table for the way back. A
 * vocabulary holds no object per id, and its buffers are shared memory, so that threads can read one copy.
 */
export class Vocabulary {
  readonly size: number;
  /** The bytes of all ids, one after another; id `n` is `[offsets[n], offsets[n + 1])`. */
  readonly utf8: Uint8Array;
  readonly offsets: Uint32Array;
  /** Slot → index + 1; 0 is free. A power of two of slots, at most half of them taken. */
  readonly #slots: Uint32Array;
  /** `utf8` as a Buffer: TextDecoder refuses shared memory. */
  readonly #text: Buffer;

  /** @param slots those of the same ids, as `parts` has them; without, they are filled, 0.2 s for a million ids */
  constructor(utf8: Uint8Array, offsets: Uint32Array, slots?: Uint32Array) {
    this.size = offsets.length - 1;
    this.utf8 = utf8;
    this.#text = Buffer.from(utf8.buffer, utf8.byteOffset, utf8.byteLength);
    this.offsets = offsets;
    this.#slots = slots ?? new Uint32Array(new SharedArrayBuffer(4 * slotCount(this.size)));
    if (!slots) this.#fillSlots();
  }

  static of(ids: Iterable<string>): Vocabulary {
    const builder = new VocabularyBuilder();
    for (const id of ids) builder.add(id);
    return builder.build();
  }

  get parts(): VocabularyParts {
    return { utf8: this.utf8, offsets: this.offsets, slots: this.#slots };
  }

  /** Memory it holds, in bytes. */
  get bytes(): number {
    return this.utf8.byteLength + this.offsets.byteLength + this.#slots.byteLength;
  }

  /** @throws RangeError if there is no such index. */
  id(index: number): string {
    const end = this.offsets[index + 1];
    if (end === undefined) throw new RangeError(`There is no id ${index} among ${this.size}.`);
    return this.#text.toString('utf8', this.offsets[index], end);
  }

  /** -1 if the id is unknown. */
  indexOf(id: string): number {
    const bytes = encoder.encode(id);
    return this.indexOfUtf8(bytes, 0, bytes.length);
  }

  /** The same for an id whose UTF-8 stands in `bytes`. */
  indexOfUtf8(bytes: Uint8Array, start: number, end: number): number {
    return this.#slots[this.#slot(bytes, start, end)] - 1;
  }

  *[Symbol.iterator](): IterableIterator<string> {
    for (let index = 0; index < this.size; index++) yield this.id(index);
  }

  #fillSlots(): void {
    for (let index = 0; index < this.size; index++) {
      this.#slots[this.#slot(this.utf8, this.offsets[index], this.offsets[index + 1])] = index + 1;
    }
  }

  /** The slot of these bytes, or the free one where they belong. */
  #slot(bytes: Uint8Array, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = fnv1a(bytes, start, end) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot];
      if (entry === 0 || this.#equals(entry - 1, bytes, start, end)) return slot;
    }
  }

  #equals(index: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.offsets[index];
    if (this.offsets[index + 1] - from !== end - start) return false;
    for (let n = start; n < end; n++) if (this.utf8[from + n - start] !== bytes[n]) return false;
    return true;
  }
}

/** Collects ids in order of index; each id once. */
export class VocabularyBuilder {
  #utf8 = new Uint8Array(1 << 12);
  #offsets = new Uint32Array(1 << 8);
  #size = 0;

  add(id: string): void {
    const start = this.#offsets[this.#size];
    const longest = start + 3 * id.length;
    if (longest > this.#utf8.length) this.#utf8 = grown(this.#utf8, longest);
    if (this.#size + 2 > this.#offsets.length) this.#offsets = grown(this.#offsets, this.#size + 2);
    this.#size++;
    this.#offsets[this.#size] = start + encoder.encodeInto(id, this.#utf8.subarray(start)).written;
  }

  build(): Vocabulary {
    const end = this.#offsets[this.#size];
    const utf8 = new Uint8Array(new SharedArrayBuffer(end));
    utf8.set(this.#utf8.subarray(0, end));
    const offsets = new Uint32Array(new SharedArrayBuffer(4 * (this.#size + 1)));
    offsets.set(this.#offsets.subarray(0, this.#size + 1));
    return new Vocabulary(utf8, offsets);
  }
}

const encoder = new TextEncoder();

const slotCount = (size: number) => 2 ** Math.ceil(Math.log2(2 * Math.max(size, 1)));

function grown<A extends Uint8Array | Uint32Array>(array: A, least: number): A {
  // The constructor of a typed array is known to make its own kind, which its type does not say.
  const Kind = array.constructor as new (length: number) => A;
  const wider = new Kind(Math.max(least, 2 * array.length));
  wider.set(array);
  return wider;
}

/** FNV-1a over 32 bits (Fowler, Noll, Vo), with a last mix since the table uses the low bits. */
function fnv1a(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let n = start; n < end; n++) hash = Math.imul(hash ^ bytes[n], 0x01000193);
  return hash ^ (hash >>> 15);
}
