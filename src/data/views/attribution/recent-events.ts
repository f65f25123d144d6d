/** A power of two. Each part rotates on its own, so that no event waits for all. */
const parts = 256;
/** Events of half a part, and the slots for them. */
const halfEvents = 8192;
const halfSlots = 16_384;
const firstSlots = 64;

/** An event is a repetition of an equal one that came within so long before, in seconds. */
export const repetitionSeconds = 3600;

/** Events of one half: 64 bits of a hash each, and when the event came last. */
type Half = { low: Uint32Array; high: Uint32Array; seconds: Uint32Array; used: number };

const newHalf = (slots: number): Half => ({
  low: new Uint32Array(slots),
  high: new Uint32Array(slots),
  seconds: new Uint32Array(slots),
  used: 0,
});

/**
 * Which events came lately: within an hour, and of a faster stream at least the last two million, by 64 bits of a hash
 * of what makes them equal. Whether an event is a repetition depends on the events within that hour alone, so that a
 * node which reads them again comes to the same answer.
 */
export class RecentEvents {
  readonly #current: Half[] = Array.from({ length: parts }, () => newHalf(firstSlots));
  readonly #former: (Half | undefined)[] = new Array(parts).fill(undefined);
  #low = 0;
  #high = 0;

  get bytes(): number {
    let slots = 0;
    for (let part = 0; part < parts; part++) {
      slots += this.#current[part].low.length + (this.#former[part]?.low.length ?? 0);
    }
    return 12 * slots;
  }

  /**
   * Takes in an event.
   *
   * @param texts what makes events equal
   * @param seconds when it came, since the epoch
   * @returns whether it is a repetition
   */
  add(texts: readonly string[], seconds: number): boolean {
    this.#hash(texts);
    const part = this.#low % parts;
    let current = this.#current[part];
    const known = this.#find(current, seconds) || this.#find(this.#former[part], seconds);
    if (current.used === halfEvents) {
      this.#former[part] = current;
      current = newHalf(firstSlots);
      this.#current[part] = current;
    } else if (2 * (current.used + 1) > current.low.length) {
      current = grown(current);
      this.#current[part] = current;
    }
    this.#put(current, seconds);
    return known;
  }

  /** Whether the hashed event came within the hour before. */
  #find(half: Half | undefined, seconds: number): boolean {
    if (!half) return false;
    const slot = slotOf(half, this.#low, this.#high);
    return half.seconds[slot] > 0 && seconds - half.seconds[slot] <= repetitionSeconds;
  }

  #put(half: Half, seconds: number): void {
    const slot = slotOf(half, this.#low, this.#high);
    if (half.seconds[slot] === 0) half.used++;
    half.low[slot] = this.#low;
    half.high[slot] = this.#high;
    half.seconds[slot] = Math.max(half.seconds[slot], seconds);
  }

  /** Two lanes of FNV-1a (Fowler, Noll and Vo) over the characters, each text followed by a mark, well mixed. */
  #hash(texts: readonly string[]): void {
    let low = 0x811c9dc5;
    let high = 0x3c6ef372;
    for (let n = 0; n < texts.length; n++) {
      const text = texts[n];
      for (let at = 0; at < text.length; at++) {
        const unit = text.charCodeAt(at);
        low = Math.imul(low ^ unit, 0x01000193);
        high = Math.imul(high ^ unit, 0x85ebca6b) + low;
      }
      low = Math.imul(low ^ 0x10001, 0x01000193);
      high = Math.imul(high ^ 0x10001, 0x85ebca6b) + low;
    }
    this.#low = mixed(low);
    this.#high = mixed(high);
  }
}

function mixed(hash: number): number {
  let bits = hash;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** The slot of an event, or the free one where it belongs. */
function slotOf({ low, high, seconds }: Half, lowBits: number, highBits: number): number {
  const mask = low.length - 1;
  for (let slot = Math.floor(lowBits / parts) & mask; ; slot = (slot + 1) & mask) {
    if (seconds[slot] === 0 || (low[slot] === lowBits && high[slot] === highBits)) return slot;
  }
}

function grown(half: Half): Half {
  const larger = newHalf(Math.min(2 * half.low.length, halfSlots));
  if (larger.low.length === half.low.length) return half;
  for (let slot = 0; slot < half.low.length; slot++) {
    if (half.seconds[slot] === 0) continue;
    const free = slotOf(larger, half.low[slot], half.high[slot]);
    larger.low[free] = half.low[slot];
    larger.high[free] = half.high[slot];
    larger.seconds[free] = half.seconds[slot];
  }
  larger.used = half.used;
  return larger;
}
