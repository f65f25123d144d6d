import { hash, timingSafeEqual } from 'node:crypto';

/** Bytes that SHA-256 takes at a time. */
const blockBytes = 64;

/**
 * A key of HMAC-SHA256 (RFC 2104). Node's `createHmac` makes a stream for each text, which costs more than the two
 * hashes that it takes.
 */
export class HmacKey {
  /** The key mixed with the pads of the inner and the outer hash. */
  readonly #inner = Buffer.alloc(blockBytes, 0x36);
  readonly #outer = Buffer.alloc(blockBytes, 0x5c);

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
    const inner = Buffer.allocUnsafe(blockBytes + Buffer.byteLength(text));
    this.#inner.copy(inner);
    inner.write(text, blockBytes);
    const outer = Buffer.allocUnsafe(blockBytes + 32);
    this.#outer.copy(outer);
    outer.write(hash('sha256', inner), blockBytes, 'hex');
    return hash('sha256', outer);
  }
}

/** Whether a digest in hexadecimal is the expected one. The time that it takes does not tell where they differ. */
export function isDigest(given: string, expected: string): boolean {
  const [bytes, wanted] = [Buffer.from(given, 'hex'), Buffer.from(expected, 'hex')];
  return bytes.length === wanted.length && timingSafeEqual(bytes, wanted);
}
