import type { Readable } from 'node:stream';

export type ObjectInfo = { readonly key: string; readonly bytes: number };

/** A local path that stands for stored content until it is disposed of; with its key where that is sealed. */
export type LocalCopy = AsyncDisposable & { readonly path: string; readonly key?: string };

/**
 * A flat space of objects under one root: a folder or a bucket (with a prefix). Keys use `/`; a key that leads out of
 * the root is refused. An object is visible whole or not at all.
 *
 * Every method throws ObjectStoreError, whose message names the object and the reason in one sentence.
 */
export interface ObjectStore {
  head(key: string): Promise<ObjectInfo | undefined>;
  read(key: string): Promise<Readable>;
  write(key: string, content: Readable | Uint8Array | string): Promise<void>;
  /** Writes an object that is not there yet; false if it is. Of several who write it at once, one succeeds. */
  writeNew(key: string, content: string): Promise<boolean>;
  /**
   * Takes a finished local file in: renamed where the store is on the same disk, uploaded otherwise. The file is gone
   * after it.
   */
  adopt(key: string, path: string): Promise<void>;
  /** Objects whose key begins with `prefix`, in order of key; with `shallow`, only those without a further `/`. */
  list(prefix: string, options?: { readonly shallow?: boolean }): AsyncIterable<ObjectInfo>;
  remove(key: string): Promise<void>;
  /** Removes all objects below a prefix, which ends in `/`. */
  removeAll(prefix: string): Promise<void>;
  /** The object as a person would look for it, for messages. */
  location(key: string): string;
  /**
   * The object as a file on this machine: the file itself for a folder store (do not change it), a cached download for
   * S3.
   */
  localFile(key: string): Promise<LocalCopy>;
  /** All objects below `prefix` (ending in `/`) as a folder on this machine, in the same way. */
  localFolder(prefix: string): Promise<LocalCopy>;
}

/** The user's buckets: where `s3://bucket/key` leads. */
export interface Buckets {
  bucket(name: string): ObjectStore;
}

export class ObjectStoreError extends Error {
  readonly reason: 'missing' | 'damaged' | 'forbidden' | 'full' | 'unreachable' | 'invalid-key';

  constructor(reason: ObjectStoreError['reason'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ObjectStoreError';
    this.reason = reason;
  }
}
