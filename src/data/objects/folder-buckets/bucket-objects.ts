import { createHash, hash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { mkdir, open, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Turns } from '../../../util/turns.ts';
import { ScratchFolder } from '../../home/scratch-folder.ts';
import { linkInto, moveInto, removeEmptyFolders, unlessMissing } from '../durable-files.ts';
import { fileProblem } from '../file-problem.ts';
import { ObjectStoreError } from '../object-store.ts';
import { BucketError, keyMissing } from './bucket-error.ts';
import type { ObjectDescription, ObjectFacts } from './object-facts.ts';
import { hiddenNames, ObjectPaths } from './object-paths.ts';
import { ObjectRecords } from './object-records.ts';
import { sortedNames } from './sorted-names.ts';
import { type Walk, type WalkedKey, walkKeys } from './walk-keys.ts';

/** An object that is open: what is read stays the same, whatever takes its place meanwhile. */
export type OpenObject = AsyncDisposable & {
  readonly facts: ObjectFacts;
  /** Bytes from `start` to before `end`; closes the object at its end. */
  stream(range: { readonly start: number; readonly end: number }): Readable;
};

export type NewObject = {
  readonly content: AsyncIterable<Uint8Array>;
  /** Asked once the content is whole. @param md5 of the content, in hexadecimal */
  readonly describe: (md5: string) => ObjectDescription & { readonly etag?: string };
  /** Whether the object must not be there yet. */
  readonly ifAbsent?: boolean;
};

/** Read at a time: hashing it takes a fraction of a millisecond. */
const chunkBytes = 1 << 18;

const emptyMd5 = hash('md5', '');

/**
 * The objects of one bucket, as files in its folder. A write goes to a scratch file, is synced and renamed, so that an
 * object is whole or not there, also after a kill. A key that ends in `/` is an empty folder.
 *
 * Every method throws BucketError for a caller's mistake and ObjectStoreError where the disk or a right is the reason.
 */
export class BucketObjects {
  readonly #bucket: string;
  readonly #root: string;
  readonly #paths: ObjectPaths;
  readonly #records: ObjectRecords;
  readonly #scratch: ScratchFolder;
  /** Of writes that change the same key, one at a time brings its file and its record to their places. */
  readonly #turns: Turns;

  /** @param recordsFolder outside of the bucket's folder */
  constructor(bucket: string, root: string, recordsFolder: string, turns: Turns) {
    this.#turns = turns;
    this.#bucket = bucket;
    this.#root = root;
    this.#paths = new ObjectPaths(root);
    this.#records = new ObjectRecords(recordsFolder);
    this.#scratch = new ScratchFolder(join(root, '.tmp'));
  }

  async facts(key: string): Promise<ObjectFacts> {
    return await this.#attempt(key, async () => {
      const { path, stats } = await this.#paths.find(key);
      if (stats.isDirectory()) return await this.#folderFacts(key, path, stats.mtimeMs);
      if (!stats.isFile()) throw keyMissing();
      return await this.#factsOf(key, await stat(path, { bigint: true }));
    });
  }

  async open(key: string): Promise<OpenObject> {
    return await this.#attempt(key, async () => {
      const { path, stats } = await this.#paths.find(key);
      if (!stats.isDirectory() && !stats.isFile()) throw keyMissing();
      const facts = stats.isDirectory() ? await this.#folderFacts(key, path, stats.mtimeMs) : undefined;
      const handle = await open(path);
      try {
        return {
          facts: facts ?? (await this.#factsOf(key, await handle.stat({ bigint: true }))),
          stream: ({ start, end }) => handle.createReadStream({ start, end: end - 1, highWaterMark: chunkBytes }),
          [Symbol.asyncDispose]: () => handle.close(),
        };
      } catch (error) {
        await handle.close();
        throw error;
      }
    });
  }

  /** @throws BucketError for a key that cannot be written */
  async requireWritableKey(key: string): Promise<void> {
    await this.#attempt(key, () => this.#paths.forWriting(key));
  }

  /** @throws BucketError `already-there`; what reading the content throws */
  async put(key: string, { content, describe, ifAbsent = false }: NewObject): Promise<ObjectFacts> {
    const target = await this.#attempt(key, () => this.#paths.forWriting(key));
    if (key.endsWith('/')) return await this.#putFolder(key, target, content);
    await using scratch = await this.#attempt(key, () => this.#scratch.claim());
    const md5 = await this.#writeFile(key, scratch.path, content);
    const record = { etag: md5, ...describe(md5) };
    return await this.#attempt(key, () =>
      this.#inTurn(key, async () => {
        const next = await stat(scratch.path, { bigint: true });
        const current = await stat(target, { bigint: true }).catch(unlessMissing);
        if (ifAbsent && current) throw alreadyThere();
        await this.#requireRoot();
        await this.#records.write(key, record, next, current);
        if (!ifAbsent) await moveInto(target, scratch.path);
        else if (!(await linkInto(target, scratch.path))) throw alreadyThere();
        return factsFrom(key, record, next);
      }),
    );
  }

  /** Nothing happens where there is no such object. */
  async remove(key: string): Promise<void> {
    await this.#attempt(key, async () => {
      const found = await this.#paths.find(key).catch((error: unknown) => {
        if (error instanceof BucketError && error.problem === 'key-missing') return undefined;
        throw error;
      });
      if (!found) return;
      const { path, stats } = found;
      // A folder that holds something is none of the objects.
      if (stats.isDirectory()) await rmdir(path).catch(() => {});
      else
        await this.#inTurn(key, async () => {
          await unlink(path).catch(unlessMissing);
          await this.#records.remove(key);
        });
      await removeEmptyFolders(dirname(path.replace(/\/$/, '')), this.#root);
    });
  }

  walk(walk: Omit<Walk, 'root'>): AsyncGenerator<WalkedKey> {
    return walkKeys({ ...walk, root: this.#root });
  }

  async #writeFile(key: string, path: string, content: AsyncIterable<Uint8Array>): Promise<string> {
    const md5 = createHash('md5');
    const handle = await this.#attempt(key, () => open(path, 'wx'));
    try {
      // An error of the content itself is its owner's, and passes as it is.
      for await (const chunk of content) {
        md5.update(chunk);
        await this.#attempt(key, () => handle.writeFile(chunk));
      }
      await this.#attempt(key, () => handle.sync());
    } finally {
      await handle.close();
    }
    return md5.digest('hex');
  }

  async #putFolder(key: string, path: string, content: AsyncIterable<Uint8Array>): Promise<ObjectFacts> {
    for await (const chunk of content) {
      if (chunk.length === 0) continue;
      throw new BucketError('key-not-allowed', 'A key that ends in "/" is a folder here, and has no content.');
    }
    return await this.#attempt(key, async () => {
      await this.#requireRoot();
      await mkdir(path, { recursive: true });
      return folderFacts(key, (await stat(path)).mtimeMs);
    });
  }

  async #folderFacts(key: string, path: string, modifiedAt: number): Promise<ObjectFacts> {
    const isEmpty = (await sortedNames(path)).length === 0;
    if (!isEmpty || hiddenNames.includes(key.slice(0, -1))) throw keyMissing();
    return folderFacts(key, modifiedAt);
  }

  async #factsOf(key: string, stats: BigIntStats): Promise<ObjectFacts> {
    return factsFrom(key, await this.#records.find(key, stats), stats);
  }

  /** A bucket that was deleted meanwhile must not come back with the folders of a key. */
  async #requireRoot(): Promise<void> {
    if (!(await stat(this.#root).catch(unlessMissing))) throw bucketMissing();
  }

  async #inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    return await this.#turns(`${this.#bucket}/${key}`, work);
  }

  async #attempt<T>(key: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof BucketError || error instanceof ObjectStoreError) throw error;
      if ((await stat(this.#root).catch(unlessMissing)) === undefined) throw bucketMissing();
      throw fileProblem(error, `s3://${this.#bucket}/${key}`) ?? error;
    }
  }
}

export const bucketMissing = (): BucketError =>
  new BucketError('bucket-missing', 'The specified bucket does not exist');

const alreadyThere = () => new BucketError('already-there', 'There is an object with this key.');

const factsFrom = (key: string, record: Omit<ObjectFacts, 'key' | 'bytes' | 'modifiedAt'>, stats: BigIntStats) => ({
  ...record,
  key,
  bytes: Number(stats.size),
  modifiedAt: Number(stats.mtimeMs),
});

const folderFacts = (key: string, modifiedAt: number): ObjectFacts => ({
  ...{ key, bytes: 0, modifiedAt: Math.floor(modifiedAt), etag: emptyMd5 },
  ...{ headers: { 'content-type': 'application/x-directory' }, metadata: {} },
});
