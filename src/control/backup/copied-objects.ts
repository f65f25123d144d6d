import { expectedOf } from '../../data/manifest.ts';
import { type Checksum, damaged, type ExpectedChecksum, isExpected } from '../../data/objects/checksums.ts';
import { type ObjectStore, ObjectStoreError } from '../../data/objects/object-store.ts';
import { describedFiles } from '../../learn/model/stored-model.ts';
import { backupFile } from './backup.ts';
import { copyObject } from './copy-object.ts';
import type { SnapshotContent } from './snapshot-content.ts';

/** The objects of a store that are in a backup in the making. They never change, so that one copy is enough. */
export class CopiedObjects {
  readonly #store: ObjectStore;
  readonly #target: ObjectStore;
  readonly #sums = new Map<string, Checksum>();
  /** Prefixes of models that are whole. */
  readonly #models = new Set<string>();

  constructor(store: ObjectStore, target: ObjectStore) {
    this.#store = store;
    this.#target = target;
  }

  /** Sums by key of the store. */
  get sums(): ReadonlyMap<string, Checksum> {
    return this.#sums;
  }

  /**
   * Copies what a snapshot names and is not here yet. @throws ObjectStoreError, of the reason `missing` for what is not
   * in the store
   */
  async add({ files, models }: SnapshotContent, signal: AbortSignal): Promise<void> {
    for (const file of files) {
      signal.throwIfAborted();
      if (!this.#sums.has(file.key)) await this.#copy(file.key, expectedOf(file));
    }
    for (const prefix of models) {
      signal.throwIfAborted();
      if (!this.#models.has(prefix)) await this.#copyModel(prefix);
    }
  }

  /** Removes copies of what the last snapshot does not name. */
  async keepOnly({ files, models }: SnapshotContent): Promise<void> {
    const keys = new Set(files.map(({ key }) => key));
    for (const key of this.#sums.keys()) {
      if (!keys.has(key) && !models.some((prefix) => key.startsWith(prefix))) await this.#remove(key);
    }
  }

  async removeAll(): Promise<void> {
    for (const key of this.#sums.keys()) await this.#remove(key);
  }

  async #copyModel(prefix: string): Promise<void> {
    const keys: string[] = [];
    for await (const { key } of this.#store.list(prefix)) keys.push(key);
    // What it consists of, before and after it is copied: it may be removed meanwhile, one file after another.
    const described = await describedFiles(this.#store, prefix);
    for (const key of keys) await this.#copy(key, described.get(key));
    for (const key of described.keys())
      if (!this.#sums.has(key)) {
        throw new ObjectStoreError('missing', `There is no object ${this.#store.location(key)}.`);
      }
    this.#models.add(prefix);
  }

  async #copy(key: string, expected?: ExpectedChecksum): Promise<void> {
    const copy = { store: this.#target, key: backupFile.objects + key };
    const sum = await copyObject({ store: this.#store, key }, copy);
    this.#sums.set(key, sum);
    if (!expected || isExpected(sum, expected)) return;
    throw damaged(this.#store.location(key), 'as it is not what was written', `${expected.remedy}; ${otherWayOut}`);
  }

  async #remove(key: string): Promise<void> {
    await this.#target.remove(backupFile.objects + key);
    this.#sums.delete(key);
  }
}

/** A version that is served no more keeps its model, and a backup its promise to be whole. */
const otherWayOut = 'a backup is made again once the damaged object is whole, or its dataset or solution is deleted';
