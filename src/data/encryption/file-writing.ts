import { type FileHandle, open } from 'node:fs/promises';
import { type FilePath, keyOf, pathOf } from './file-path.ts';
import { ChunkCipher, chunkBytes } from './sealed-chunks.ts';

/** A new file that is written from its beginning to its end, sealed or not. */
export type FileWriting = AsyncDisposable & {
  append(content: Uint8Array): Promise<void>;
  /** Ends the file, on the disk itself. What is not ended is no whole file. */
  end(): Promise<void>;
};

/** @throws as `open` if the file is there already */
export async function createFile(file: FilePath): Promise<FileWriting> {
  const [path, key] = [pathOf(file), keyOf(file)];
  const handle = await open(path, 'wx', 0o600);
  return key === undefined ? new PlainWriting(handle) : new SealedWriting(handle, ChunkCipher.create(key, path));
}

/** Writes a new file. */
export async function writeWhole(file: FilePath, content: Uint8Array | string): Promise<void> {
  await using writing = await createFile(file);
  await writing.append(typeof content === 'string' ? Buffer.from(content) : content);
  await writing.end();
}

class PlainWriting implements FileWriting {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  append(content: Uint8Array): Promise<void> {
    return writeAll(this.#handle, content);
  }

  end(): Promise<void> {
    return this.#handle.sync();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#handle.close();
  }
}

class SealedWriting implements FileWriting {
  readonly #handle: FileHandle;
  readonly #sealing: ChunkSealing;

  constructor(handle: FileHandle, cipher: ChunkCipher) {
    this.#handle = handle;
    this.#sealing = new ChunkSealing(cipher);
  }

  async append(content: Uint8Array): Promise<void> {
    for (const sealed of this.#sealing.add(content)) await writeAll(this.#handle, sealed);
  }

  async end(): Promise<void> {
    for (const sealed of this.#sealing.end()) await writeAll(this.#handle, sealed);
    await this.#handle.sync();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#handle.close();
  }
}

/** Seals content as it comes. */
export class ChunkSealing {
  readonly #cipher: ChunkCipher;
  readonly #open = Buffer.alloc(chunkBytes);
  #filled = 0;
  #chunks = 0;
  #hasHeader = false;

  constructor(cipher: ChunkCipher) {
    this.#cipher = cipher;
  }

  /** What the file has next; a chunk goes out when more comes, as the last one says that it is the last. */
  *add(content: Uint8Array): Generator<Uint8Array> {
    yield* this.#header();
    for (let done = 0; done < content.length; ) {
      if (this.#filled === chunkBytes) yield this.#seal(false);
      const piece = content.subarray(done, done + chunkBytes - this.#filled);
      this.#open.set(piece, this.#filled);
      this.#filled += piece.length;
      done += piece.length;
    }
  }

  /** The rest of the file. */
  *end(): Generator<Uint8Array> {
    yield* this.#header();
    yield this.#seal(true);
  }

  *#header(): Generator<Uint8Array> {
    if (this.#hasHeader) return;
    this.#hasHeader = true;
    yield this.#cipher.header;
  }

  #seal(isLast: boolean): Uint8Array {
    const sealed = this.#cipher.seal(this.#open.subarray(0, this.#filled), this.#chunks++, isLast);
    this.#filled = 0;
    return sealed;
  }
}

/** A write of more than 2 GiB is refused by the system. */
const pieceBytes = 1 << 30;

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const piece = bytes.subarray(done, done + pieceBytes);
    done += (await handle.write(piece)).bytesWritten;
  }
}
