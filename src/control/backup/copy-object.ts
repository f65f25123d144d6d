import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Checksum } from '../../data/checksums.ts';
import type { ObjectStore } from '../../data/object-store.ts';

/** An object of a store. */
export type StoredObject = { readonly store: ObjectStore; readonly key: string };

/** Copies an object. @returns the checksum of what was read @throws ObjectStoreError */
export async function copyObject(from: StoredObject, to: StoredObject): Promise<Checksum> {
  const hash = createHash('sha256');
  let bytes = 0;
  const content = await from.store.read(from.key);
  async function* measured() {
    for await (const piece of content) {
      hash.update(piece);
      bytes += piece.length;
      yield piece;
    }
  }
  await to.store.write(to.key, Readable.from(measured(), { objectMode: false }));
  return { bytes, sha256: hash.digest('hex') };
}

/** The checksum of an object's content. @throws ObjectStoreError */
export async function sumOfObject({ store, key }: StoredObject): Promise<Checksum> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of await store.read(key)) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

export const sameSum = (one: Checksum, other: Checksum): boolean =>
  one.bytes === other.bytes && one.sha256 === other.sha256;
