import { deserialize } from 'node:v8';

const headerBytes = 4;

/** Takes values out of a stream of bytes in which each follows its length, in 4 bytes with the lowest first. */
export class FrameReader<Value> {
  readonly #onValue: (value: Value) => void;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(onValue: (value: Value) => void) {
    this.#onValue = onValue;
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    for (let length = this.#nextLength(); this.#bytes >= headerBytes + length; length = this.#nextLength()) {
      const frame = this.#joined();
      const end = headerBytes + length;
      this.#bytes -= end;
      this.#chunks = this.#bytes > 0 ? [frame.subarray(end)] : [];
      this.#onValue(deserialize(frame.subarray(headerBytes, end)));
    }
  }

  /** ∞ as long as it is not known. */
  #nextLength(): number {
    if (this.#bytes < headerBytes) return Number.POSITIVE_INFINITY;
    const [first] = this.#chunks;
    return (first && first.length >= headerBytes ? first : this.#joined()).readUInt32LE();
  }

  #joined(): Buffer {
    const [first] = this.#chunks;
    const joined = first && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined;
  }
}
