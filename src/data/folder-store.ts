import type { Dirent } from 'node:fs';
import { copyFile, type FileHandle, mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { Readable } from 'node:stream';
import { syncFile, syncFolders } from './durable-files.ts';
import { fileProblem } from './file-problem.ts';
import { checkFolderPrefix, checkKey, checkPrefix } from './object-key.ts';
import { type LocalCopy, type ObjectInfo, type ObjectStore, ObjectStoreError } from './object-store.ts';
import { ScratchFolder } from './scratch-folder.ts';

/** How messages speak of a store. */
export type FolderNames = {
  /** The object with that key, as the user wrote or would look for it. */
  object(key: string): string;
  /** Sentence for a root folder that is not there. */
  readonly rootMissing: string;
};

/** Where unfinished files are, at the root; no key begins so. */
const scratchName = '.tmp';
/** A folder can vanish between being made and being used, when its last object is removed just then. */
const publishAttempts = 20;

/**
 * Objects as files below a root folder. A write goes to a scratch file, is synced and renamed; what a killed process left
 * there is removed by `sweep`, or before the first write.
 */
export class FolderStore implements ObjectStore {
  readonly #root: string;
  readonly #names: FolderNames;
  readonly #scratch: ScratchFolder;

  constructor(root: string, names: FolderNames) {
    this.#root = root;
    this.#names = names;
    this.#scratch = new ScratchFolder(join(root, scratchName));
  }

  /** Removes unfinished files of processes that are gone. */
  sweep(): Promise<void> {
    return this.#attempt(scratchName, () => this.#scratch.sweep());
  }

  async head(key: string): Promise<ObjectInfo | undefined> {
    try {
      return { key, bytes: await this.#size(key) };
    } catch (error) {
      if (error instanceof ObjectStoreError && error.reason === 'missing') {
        await this.#checkRoot();
        return undefined;
      }
      throw error;
    }
  }

  async read(key: string): Promise<Readable> {
    await this.#size(key);
    const handle = await this.#attempt(key, () => open(this.#path(key)));
    return Readable.from(this.#chunks(key, handle), { objectMode: false });
  }

  async write(key: string, content: Readable | Uint8Array | string): Promise<void> {
    this.#path(key);
    await using scratch = await this.#attempt(key, () => this.#scratch.claim());
    const handle = await this.#attempt(key, () => open(scratch.path, 'wx'));
    try {
      // An error of the content itself is its owner's, and passes as it is.
      for await (const chunk of content instanceof Readable ? content : [content]) {
        await this.#attempt(key, () => handle.writeFile(chunk));
      }
      await this.#attempt(key, () => handle.sync());
    } finally {
      await handle.close();
    }
    await this.#attempt(key, () => this.#publish(key, scratch.path));
  }

  async adopt(key: string, path: string): Promise<void> {
    this.#path(key);
    await this.#checkRoot();
    await this.#attempt(key, async () => {
      await syncFile(path);
      await this.#publish(key, path).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EXDEV') throw error;
        await using scratch = await this.#scratch.claim();
        await copyFile(path, scratch.path);
        await syncFile(scratch.path);
        await this.#publish(key, scratch.path);
        await rm(path);
      });
    });
  }

  async *list(prefix: string, options: { readonly shallow?: boolean } = {}): AsyncIterable<ObjectInfo> {
    checkPrefix(prefix);
    await this.#checkRoot();
    const cut = prefix.lastIndexOf('/') + 1;
    yield* this.#walk(prefix.slice(0, cut), prefix.slice(cut), options.shallow ?? false);
  }

  async remove(key: string): Promise<void> {
    const path = this.#path(key);
    await this.#attempt(key, async () => {
      await rm(path, { force: true });
      await this.#prune(dirname(path));
    });
  }

  async removeAll(prefix: string): Promise<void> {
    checkPrefix(prefix);
    if (prefix === '' || !prefix.endsWith('/')) {
      for await (const { key } of this.list(prefix)) await this.remove(key);
      return;
    }
    const folder = this.#path(prefix.slice(0, -1));
    await this.#attempt(prefix, async () => {
      await rm(folder, { recursive: true, force: true });
      await this.#prune(dirname(folder));
    });
  }

  async localFile(key: string): Promise<LocalCopy> {
    await this.#size(key);
    return { path: this.#path(key), async [Symbol.asyncDispose]() {} };
  }

  async localFolder(prefix: string): Promise<LocalCopy> {
    checkFolderPrefix(prefix);
    const path = join(this.#root, prefix);
    await this.#attempt(prefix, () => readdir(path));
    return { path, async [Symbol.asyncDispose]() {} };
  }

  #path(key: string): string {
    checkKey(key);
    const segments = key.split('/');
    const strange = segments.some((segment) => segment === '' || (sep === '\\' && /[\\:]/.test(segment)));
    if (strange || segments[0] === scratchName) {
      throw new ObjectStoreError('invalid-key', `The name ${this.#names.object(key)} is not allowed in a folder.`);
    }
    return join(this.#root, ...segments);
  }

  async #size(key: string): Promise<number> {
    const facts = await this.#attempt(key, () => stat(this.#path(key)));
    if (facts.isFile()) return facts.size;
    throw new ObjectStoreError('missing', `There is no object ${this.#names.object(key)}: it is a folder.`);
  }

  async *#chunks(key: string, handle: FileHandle): AsyncGenerator<Buffer> {
    const stream = handle.createReadStream({ highWaterMark: 1 << 18 });
    try {
      yield* stream;
    } catch (error) {
      throw await this.#problem(key, error);
    }
  }

  /** Makes the finished file at `path` the object: seen whole or not at all, and still there after a power cut. */
  async #publish(key: string, path: string): Promise<void> {
    const target = this.#path(key);
    const folder = dirname(target);
    const firstMade = await this.#renameInto(folder, path, target, publishAttempts);
    // A folder that is gone again was removed with the object.
    await syncFolders(folder, firstMade === undefined ? folder : dirname(firstMade)).catch(unlessMissing);
  }

  /** Gives the topmost folder that had to be made. */
  async #renameInto(folder: string, path: string, target: string, attempts: number): Promise<string | undefined> {
    try {
      const firstMade = await mkdir(folder, { recursive: true });
      await rename(path, target);
      return firstMade;
    } catch (error) {
      const vanished = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!vanished || attempts === 1) throw error;
      return await this.#renameInto(folder, path, target, attempts - 1);
    }
  }

  async *#walk(folder: string, begins: string, shallow: boolean): AsyncGenerator<ObjectInfo> {
    for (const name of await this.#entries(folder)) {
      if (!name.startsWith(begins)) continue;
      if (!name.endsWith('/')) {
        const info = await this.head(folder + name);
        if (info) yield info; // gone since, or a link to nowhere
      } else if (!shallow) {
        yield* this.#walk(folder + name, '', false);
      }
    }
  }

  /** Names in a folder, those of folders ending in `/`, so that their order is the order of keys; none if it is missing. */
  async #entries(folder: string): Promise<string[]> {
    const path = join(this.#root, folder);
    const read = () => readdir(path, { withFileTypes: true }).catch(unlessMissing);
    const entries = (await this.#attempt(folder, read)) ?? [];
    const names = entries
      .filter((entry) => folder !== '' || entry.name !== scratchName)
      .map(async (entry) => ((await leadsToFolder(path, entry)) ? `${entry.name}/` : entry.name));
    return (await Promise.all(names)).sort(byUtf8);
  }

  /** Removes folders that hold nothing any more, as there are none but for their objects. */
  async #prune(folder: string): Promise<void> {
    if (folder === this.#root) return;
    const removed = await rmdir(folder).then(
      () => true,
      () => false, // not empty, or gone already
    );
    if (removed) await this.#prune(dirname(folder));
  }

  async #checkRoot(): Promise<void> {
    await this.#attempt('', () => stat(this.#root));
  }

  async #attempt<T>(key: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw await this.#problem(key, error);
    }
  }

  async #problem(key: string, error: unknown): Promise<unknown> {
    const problem = fileProblem(error, this.#names.object(key));
    const rootMissing = problem?.reason === 'missing' && (await stat(this.#root).catch(unlessMissing)) === undefined;
    if (rootMissing) return new ObjectStoreError('missing', this.#names.rootMissing, { cause: error });
    return problem ?? error;
  }
}

async function leadsToFolder(folder: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return (await stat(join(folder, entry.name)).catch(unlessMissing))?.isDirectory() ?? false;
}

function byUtf8(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
  return undefined;
}
