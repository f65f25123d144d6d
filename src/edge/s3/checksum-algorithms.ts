import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** A checksum that is being made. */
export type RunningChecksum = { update(bytes: Uint8Array): void /** In base64. */; digest(): string };

/** By the end of the header's name, `x-amz-checksum-…`. */
const algorithms: Readonly<Record<string, () => RunningChecksum>> = {
  crc32: () => running(4, 0, (value, bytes) => crc32(bytes, value)),
  crc32c: () => running(4, 0, crc32c),
  crc64nvme: () => new Crc64(),
  sha1: () => hashing(createHash('sha1')),
  sha256: () => hashing(createHash('sha256')),
};

export const isChecksumAlgorithm = (name: string): boolean => Object.hasOwn(algorithms, name);

/** @param name one of those for which `isChecksumAlgorithm` is true */
export function newChecksum(name: string): RunningChecksum {
  const make = algorithms[name];
  if (!make) throw new Error(`There is no checksum ${name}.`);
  return make();
}

const hashing = (hash: Hash): RunningChecksum => ({
  update: (bytes) => void hash.update(bytes),
  digest: () => hash.digest('base64'),
});

function running(size: number, initial: number, next: (value: number, bytes: Uint8Array) => number): RunningChecksum {
  let value = initial;
  return {
    update(bytes) {
      value = next(value, bytes);
    },
    digest() {
      const bytes = Buffer.alloc(size);
      bytes.writeUInt32BE(value >>> 0);
      return bytes.toString('base64');
    },
  };
}

/** Castagnoli's polynomial, bits reversed (RFC 3720, appendix B.4). */
const castagnoli = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

function crc32c(value: number, bytes: Uint8Array): number {
  let crc = ~value;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ (castagnoli[(crc ^ (bytes[i] ?? 0)) & 255] ?? 0);
  return ~crc;
}

/** The polynomial of NVMe, bits reversed, in two halves: numbers of 64 bits would be slow. */
const [nvmeHigh, nvmeLow] = [0x9a6c9329, 0xac4bc9b5];
const highs = new Uint32Array(256);
const lows = new Uint32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let [high, low] = [0, byte];
  for (let bit = 0; bit < 8; bit++) {
    const isOdd = low & 1;
    low = (low >>> 1) | (high << 31);
    high >>>= 1;
    if (isOdd) [high, low] = [high ^ nvmeHigh, low ^ nvmeLow];
  }
  [highs[byte], lows[byte]] = [high, low];
}

class Crc64 implements RunningChecksum {
  #high = -1;
  #low = -1;

  update(bytes: Uint8Array): void {
    let [high, low] = [this.#high, this.#low];
    for (let i = 0; i < bytes.length; i++) {
      const index = (low ^ (bytes[i] ?? 0)) & 255;
      low = ((low >>> 8) | (high << 24)) ^ (lows[index] ?? 0);
      high = (high >>> 8) ^ (highs[index] ?? 0);
    }
    [this.#high, this.#low] = [high, low];
  }

  digest(): string {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32BE(~this.#high >>> 0);
    bytes.writeUInt32BE(~this.#low >>> 0, 4);
    return bytes.toString('base64');
  }
}
