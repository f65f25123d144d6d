import { copyFile, open, readdir, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { Readable } from 'node:stream';
import { ScratchFolder } from '../home/scratch-folder.ts';
import { type Confinement, kindOf } from './confinement.ts';
import { linkInto, moveInto, removeEmptyFolders, syncFile, unlessMissing } from './durable-files.ts';
import { fileProblem } from './file-problem.ts';
import { folderEntries } from './folder-entries.ts';
import { checkFolderPrefix, checkFolderToRemove, checkKey, checkPrefix } from './object-key.ts';
import { type LocalCopy, type ObjectInfo, type ObjectStore, ObjectStoreError } from './object-store.ts';
import { translatedStream } from './translated-stream.ts';

/** How messages speak of a store. */
export type FolderNames = {
  /** The object with that key, as the user wrote or would look for it. */
  object(key: string): string;
  /** Sentence for a root folder that is not there. */
  readonly rootMissing: string;
};

/** Where unfinished files are, at the root; no key begins so. */
const scratchName = '.tmp';
/** At the root no objects: unfinished files, and what a file system keeps for repairs, which only root may read. */
const hiddenFolders = [`${scratchName}/`, 'lost+found/'];
const chunkBytes = 1 << 18;

/**
 * Objects as files below a root folder. A write goes to a scratch file, is synced and renamed; what a killed process
 * left there is removed by `sweep`, or before the first write.
 */
export class FolderStore implements ObjectStore {
  readonly #root: string;
  readonly #names: FolderNames;
  readonly #scratch: ScratchFolder;
  readonly #confinement: Confinement | undefined;

  /** @param confinement for a folder that others than the server write to. */
  constructor(root: string, names: FolderNames, confinement?: Confinement) {
    this.#root = root;
    this.#names = names;
    this.#scratch = new ScratchFolder(join(root, scratchName));
    this.#confinement = confinement;
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
    const content = handle.createReadStream({ highWaterMark: chunkBytes });
    return translatedStream(content, (error) => fileProblem(error, this.#names.object(key)) ?? error);
  }

  async write(key: string, content: Readable | Uint8Array | string): Promise<void> {
    await this.#put(key, content, moveInto);
  }

  async writeNew(key: string, content: string): Promise<boolean> {
    return await this.#put(key, content, linkInto);
  }

  async adopt(key: string, path: string): Promise<void> {
    const target = this.#path(key);
    await this.#checkRoot();
    await this.#checkFolderOf(key);
    await this.#attempt(key, async () => {
      await syncFile(path);
      await moveInto(target, path).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EXDEV') throw error;
        await using scratch = await this.#scratch.claim();
        await copyFile(path, scratch.path);
        await syncFile(scratch.path);
        await moveInto(target, scratch.path);
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
    if (!(await this.head(key))) return;
    await this.#attempt(key, async () => {
      await unlink(path).catch(unlessMissing);
      await removeEmptyFolders(dirname(path), this.#root);
    });
  }

  async removeAll(prefix: string): Promise<void> {
    checkFolderToRemove(prefix);
    const folder = this.#path(prefix.slice(0, -1));
    await this.#checkFolderOf(prefix.slice(0, -1));
    await this.#attempt(prefix, async () => {
      // An attempt that is being stopped may still put a file into it meanwhile.
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      await removeEmptyFolders(dirname(folder), this.#root);
    });
  }

  location(key: string): string {
    return this.#names.object(key);
  }

  async localFile(key: string): Promise<LocalCopy> {
    await this.#size(key);
    return { path: this.#path(key), async [Symbol.asyncDispose]() {} };
  }

  async localFolder(prefix: string): Promise<LocalCopy> {
    checkFolderPrefix(prefix);
    const path = join(this.#root, prefix);
    await this.#attempt(prefix, () => readdir(path));
    // Every file is looked at, for a link that leads out.
    if (this.#confinement) for await (const _ of this.list(prefix));
    return { path, async [Symbol.asyncDispose]() {} };
  }

  /** @param put brings the finished scratch file to its place. */
  async #put<T>(
    key: string,
    content: Readable | Uint8Array | string,
    put: (target: string, path: string) => Promise<T>,
  ): Promise<T> {
    const target = this.#path(key);
    await this.#checkFolderOf(key);
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
    return await this.#attempt(key, () => put(target, scratch.path));
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
    const object = this.#names.object(key);
    if (facts.isFile()) {
      await this.#attempt(key, async () => this.#confinement?.check(this.#path(key), object));
      return facts.size;
    }
    // A pipe in a user's folder is a mistake to speak of; in a store of the server's own it is no object.
    if (this.#confinement && !facts.isDirectory()) {
      throw new ObjectStoreError('invalid-key', `${object} is ${kindOf(facts)}, not a file: put a file there.`);
    }
    throw new ObjectStoreError('missing', `There is no object ${object}: it is ${kindOf(facts)}.`);
  }

  /** `above` has the real paths of the folders on the way, which a link below must not lead back to. */
  async *#walk(
    folder: string,
    begins: string,
    shallow: boolean,
    above: readonly string[] = [],
  ): AsyncGenerator<ObjectInfo> {
    const object = this.#names.object(folder);
    const real = await this.#attempt(folder, async () => this.#confinement?.check(join(this.#root, folder), object));
    if (real !== undefined && above.includes(real)) return;
    for (const name of await this.#attempt(folder, () => folderEntries(join(this.#root, folder)))) {
      if (!name.startsWith(begins) || hiddenFolders.includes(folder + name)) continue;
      if (!name.endsWith('/')) {
        const info = await this.head(folder + name);
        if (info) yield info; // gone since, or a link to nowhere
      } else if (!shallow) {
        yield* this.#walk(folder + name, '', false, real === undefined ? above : [...above, real]);
      }
    }
  }

  async #checkFolderOf(key: string): Promise<void> {
    await this.#attempt(key, async () => this.#confinement?.checkFolderOf(this.#path(key), this.#names.object(key)));
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
