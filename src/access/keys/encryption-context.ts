import type { EncryptionContext } from '../../data/encryption/data-keys.ts';

/** A context as bytes: two contexts have the same if and only if they have the same members, in whatever order. */
export function contextBytes(context: EncryptionContext): Buffer {
  const members = Object.entries(context).map((member) => member.map((text) => Buffer.from(text)));
  members.sort(([a = empty], [b = empty]) => Buffer.compare(a, b));
  return Buffer.concat(members.flat().flatMap((text) => [lengthOf(text), text]));
}

const empty = Buffer.of();

function lengthOf(text: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return length;
}
