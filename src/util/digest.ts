import { createHash, type Hash } from 'node:crypto';

/** A hash takes less than 2 GiB at a time. */
const pieceBytes = 2 ** 30;

/** A text that differs where any number, text or array of the values does: SHA-256 of all of it, in hexadecimal. */
export function digestOf(...values: readonly unknown[]): string {
  const hash = createHash('sha256');
  for (const value of values) add(hash, value);
  return hash.digest('hex');
}

function add(hash: Hash, value: unknown): void {
  if (ArrayBuffer.isView(value)) {
    hash.update(`array ${value.byteLength};`);
    for (let at = 0; at < value.byteLength; at += pieceBytes) {
      const length = Math.min(pieceBytes, value.byteLength - at);
      hash.update(new Uint8Array(value.buffer, value.byteOffset + at, length));
    }
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    hash.update(`object ${entries.length};`);
    for (const [name, part] of entries) {
      add(hash, name);
      add(hash, part);
    }
  } else {
    const text = String(value);
    hash.update(`${typeof value} ${text.length};${text}`);
  }
}
