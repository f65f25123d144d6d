import { Readable } from 'node:stream';
import { ChunkSealing } from '../encryption/file-writing.ts';
import { keyIdOfName, objectKey, prefixKey } from '../encryption/group-key.ts';
import type { GroupKeys } from '../encryption/group-keys.ts';
import { openStream } from '../encryption/open-stream.ts';
import { ChunkCipher } from '../encryption/sealed-chunks.ts';
import type { LocalCopy, ObjectInfo, ObjectStore } from './object-store.ts';

/**
 * A store whose objects are sealed where their names say so (`sealedPrefix`). They are sealed when they are adopted,
 * and stay so on this machine: local copies come with their keys. All methods throw KeyError, too, for such objects.
 */
export class SealedStore implements ObjectStore {
  readonly #store: ObjectStore;
  readonly #keys: Pick<GroupKeys, 'byId'>;

  constructor(store: ObjectStore, keys: Pick<GroupKeys, 'byId'>) {
    this.#store = store;
    this.#keys = keys;
  }

  head(key: string): Promise<ObjectInfo | undefined> {
    return this.#store.head(key);
  }

  async read(key: string): Promise<Readable> {
    const secret = await this.#keyOfObject(key);
    const content = await this.#store.read(key);
    return secret === undefined ? content : openStream(content, secret, this.location(key));
  }

  async write(key: string, content: Readable | Uint8Array | string): Promise<void> {
    const secret = await this.#keyOfObject(key);
    await this.#store.write(key, secret === undefined ? content : Readable.from(sealed(content, secret, key)));
  }

  writeNew(key: string, content: string): Promise<boolean> {
    return this.#store.writeNew(key, content);
  }

  adopt(key: string, path: string): Promise<void> {
    return this.#store.adopt(key, path);
  }

  list(prefix: string, options?: { readonly shallow?: boolean }): AsyncIterable<ObjectInfo> {
    return this.#store.list(prefix, options);
  }

  remove(key: string): Promise<void> {
    return this.#store.remove(key);
  }

  removeAll(prefix: string): Promise<void> {
    return this.#store.removeAll(prefix);
  }

  location(key: string): string {
    return this.#store.location(key);
  }

  async localFile(key: string): Promise<LocalCopy> {
    const secret = await this.#keyOfObject(key);
    return withKey(await this.#store.localFile(key), secret);
  }

  async localFolder(prefix: string): Promise<LocalCopy> {
    const id = keyIdOfName(prefix);
    const secret = id && prefixKey(await this.#keys.byId(id), prefix);
    return withKey(await this.#store.localFolder(prefix), secret);
  }

  async #keyOfObject(name: string): Promise<string | undefined> {
    const id = keyIdOfName(name);
    return id && objectKey(await this.#keys.byId(id), name);
  }
}

function withKey(copy: LocalCopy, key: string | undefined): LocalCopy {
  return key === undefined ? copy : { path: copy.path, key, [Symbol.asyncDispose]: () => copy[Symbol.asyncDispose]() };
}

async function* sealed(content: Readable | Uint8Array | string, key: string, name: string) {
  const sealing = new ChunkSealing(ChunkCipher.create(key, name));
  for await (const chunk of content instanceof Readable ? content : [content]) {
    yield* sealing.add(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  }
  yield* sealing.end();
}
