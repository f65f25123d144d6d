/** A power of two; half of the slots are used at most. */
const slots = 2 ** 17;
const most = slots / 2;

/**
 * Which events have come lately: the last 65,536, and up to as many before these. An event is known by 32 bits, so one
 * in some 30,000 is taken for another.
 */
export class RecentEvents {
  /** 0 is free. */
  #newer = new Uint32Array(slots);
  #older = new Uint32Array(slots);
  #size = 0;

  /** Memory it holds, in bytes. */
  get bytes(): number {
    return this.#newer.byteLength + this.#older.byteLength;
  }

  /**
   * Adds an event.
   *
   * @param mixed what makes it different from others (`mix`)
   * @returns whether it has come before
   */
  isRepeated(mixed: number): boolean {
    const hash = finished(mixed);
    const slot = slotOf(this.#newer, hash);
    if (this.#newer[slot] === hash || this.#older[slotOf(this.#older, hash)] === hash) return true;
    this.#newer[slot] = hash;
    this.#size++;
    if (this.#size === most) {
      [this.#newer, this.#older] = [this.#older.fill(0), this.#newer];
      this.#size = 0;
    }
    return false;
  }
}

/** The slot of a hash, or the free one where it belongs. */
function slotOf(table: Uint32Array, hash: number): number {
  let slot = hash % slots;
  while (table[slot] !== 0 && table[slot] !== hash) slot = (slot + 1) % slots;
  return slot;
}

/** A hash of all texts that are mixed into it one by one (FNV-1a by units), and of where each ends. */
export function mix(hash: number, text: string): number {
  let mixed = hash;
  for (let n = 0; n < text.length; n++) mixed = Math.imul(mixed ^ text.charCodeAt(n), 0x01000193);
  return Math.imul(mixed ^ 0xffff, 0x9e3779b1);
}

/** To begin with. */
export const noTexts = 0x811c9dc5;

/** What a table has of a hash, from 1 on: the finalizer of MurmurHash3 (Appleby). */
function finished(mixed: number): number {
  let hash = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0 || 1;
}
