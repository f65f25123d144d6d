import type { Readable } from 'node:stream';
import type { Buckets, LocalCopy, ObjectInfo, ObjectStore } from '../../data/objects/object-store.ts';
import { ObjectStoreError } from '../../data/objects/object-store.ts';
import type { BucketUse, DecideBucketUse } from './bucket-use.ts';

/**
 * The buckets as a resource may use them by its role: each method asks first.
 *
 * @param decide is asked before each use
 */
export const bucketsByRole = (buckets: Buckets, use: BucketUse, decide: DecideBucketUse): Buckets => ({
  bucket: (name) => new GuardedBucket(buckets.bucket(name), name, (question) => decide(use, question)),
});

type Ask = (question: Parameters<DecideBucketUse>[1]) => ReturnType<DecideBucketUse>;

/** A bucket whose methods throw ObjectStoreError `forbidden`, with principal, action and resource, where denied. */
class GuardedBucket implements ObjectStore {
  readonly #store: ObjectStore;
  readonly #name: string;
  readonly #ask: Ask;

  constructor(store: ObjectStore, name: string, ask: Ask) {
    this.#store = store;
    this.#name = name;
    this.#ask = ask;
  }

  async head(key: string): Promise<ObjectInfo | undefined> {
    await this.#require('s3:GetObject', key);
    return await this.#store.head(key);
  }

  async read(key: string): Promise<Readable> {
    await this.#require('s3:GetObject', key);
    return await this.#store.read(key);
  }

  async write(key: string, content: Readable | Uint8Array | string): Promise<void> {
    await this.#require('s3:PutObject', key);
    await this.#store.write(key, content);
  }

  async writeNew(key: string, content: string): Promise<boolean> {
    await this.#require('s3:PutObject', key);
    return await this.#store.writeNew(key, content);
  }

  async adopt(key: string, path: string): Promise<void> {
    await this.#require('s3:PutObject', key);
    await this.#store.adopt(key, path);
  }

  async *list(prefix: string, options?: { readonly shallow?: boolean }): AsyncIterable<ObjectInfo> {
    const keys = { 's3:prefix': prefix, ...(options?.shallow && { 's3:delimiter': '/' }) };
    await this.#require('s3:ListBucket', '', keys);
    yield* this.#store.list(prefix, options);
  }

  async remove(key: string): Promise<void> {
    await this.#require('s3:DeleteObject', key);
    await this.#store.remove(key);
  }

  async removeAll(prefix: string): Promise<void> {
    await this.#require('s3:DeleteObject', `${prefix}*`);
    await this.#store.removeAll(prefix);
  }

  location(key: string): string {
    return this.#store.location(key);
  }

  async localFile(key: string): Promise<LocalCopy> {
    await this.#require('s3:GetObject', key);
    return await this.#store.localFile(key);
  }

  async localFolder(prefix: string): Promise<LocalCopy> {
    await this.#require('s3:GetObject', `${prefix}*`);
    return await this.#store.localFolder(prefix);
  }

  async #require(action: string, key: string, keys: Readonly<Record<string, string>> = {}): Promise<void> {
    const decision = await this.#ask({ bucket: this.#name, action, key, keys });
    if (!decision.allowed) throw new ObjectStoreError('forbidden', decision.sentence);
  }
}
