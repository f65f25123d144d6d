import { hash, timingSafeEqual } from 'node:crypto';

/** Bytes that SHA-256 takes at a time. */
const blockBytes = 64;

/**
 * A key of HMAC-SHA256 (RFC 2104). Node's `createHmac` makes a stream for each text, which costs more than the two
 * hashes that it takes.
 */
export class HmacKey {
  /** What the inner hash is of: the key mixed with its pad, and the last text. */
  #inner = Buffer.alloc(blockBytes, 0x36);
  /** What the outer hash is of: the key mixed with its pad, and the last inner hash. */
  readonly #outer = Buffer.alloc(blockBytes + 32, 0x5c);

  /** @param key at most 64 bytes */
  constructor(key: Uint8Array) {
    if (key.length > blockBytes) throw new RangeError(`A key of ${key.length} bytes has to be hashed first.`);
    for (const [index, byte] of key.entries()) {
      this.#inner.writeUInt8(0x36 ^ byte, index);
      this.#outer.writeUInt8(0x5c ^ byte, index);
    }
  }

  /** @returns the digest in hexadecimal */
  digest(text: string): string {
    const bytes = blockBytes + Buffer.byteLength(text);
    // Texts of a key are of one length, nearly always.
    if (this.#inner.length !== bytes) this.#inner = Buffer.concat([this.#inner.subarray(0, blockBytes)], bytes);
    this.#inner.write(text, blockBytes);
    this.#outer.write(hash('sha256', this.#inner), blockBytes, 'hex');
    return hash('sha256', this.#outer);
  }
}

/**
 * Whether a digest in hexadecimal, in lower case, is the expected one. The time that it takes does not tell where they
 * differ.
 */
export function isDigest(given: string, expected: string): boolean {
  const [bytes, wanted] = [Buffer.from(given), Buffer.from(expected)];
  return bytes.length === wanted.length && timingSafeEqual(bytes, wanted);
}
