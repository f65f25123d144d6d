import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Checksum } from '../../data/objects/checksums.ts';
import type { ObjectStore } from '../../data/objects/object-store.ts';

/** An object of a store. */
export type StoredObject = { readonly store: ObjectStore; readonly key: string };

/** Copies an object. @returns the checksum of what was read @throws ObjectStoreError */
export async function copyObject(from: StoredObject, to: StoredObject): Promise<Checksum> {
  const measured = new Measured(await from.store.read(from.key));
  await to.store.write(to.key, Readable.from(measured, { objectMode: false }));
  return measured.sum();
}

/** The checksum of an object's content. @throws ObjectStoreError */
export async function sumOfObject({ store, key }: StoredObject): Promise<Checksum> {
  const measured = new Measured(await store.read(key));
  for await (const _piece of measured);
  return measured.sum();
}

/** Pieces of a content, which are summed up while they are read. */
class Measured implements AsyncIterable<Uint8Array> {
  readonly #content: AsyncIterable<Uint8Array>;
  readonly #hash = createHash('sha256');
  #bytes = 0;

  constructor(content: AsyncIterable<Uint8Array>) {
    this.#content = content;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for await (const piece of this.#content) {
      this.#hash.update(piece);
      this.#bytes += piece.length;
      yield piece;
    }
  }

  sum(): Checksum {
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }
}

export const sameSum = (one: Checksum, other: Checksum): boolean =>
  one.bytes === other.bytes && one.sha256 === other.sha256;
