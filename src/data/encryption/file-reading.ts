import { type FileHandle, open } from 'node:fs/promises';
import { type FilePath, keyOf, pathOf } from './file-path.ts';
import { ChunkCipher, chunkBytes, chunkCount, contentBytes, headerBytes, sealedChunkBytes } from './sealed-chunks.ts';
import { SealedError } from './sealed-error.ts';

/** A file that is read from any position, sealed or not. */
export type FileReading = AsyncDisposable & {
  /** Of the content, in bytes. */
  readonly size: number;
  /**
   * Fills `target` from a position on.
   *
   * @throws Error if the file ends before, SealedError if what was read is not what was sealed
   */
  read(target: Uint8Array, position: number): Promise<void>;
};

/** @throws SealedError if it should be sealed and is not */
export async function openFile(file: FilePath): Promise<FileReading> {
  const [path, key] = [pathOf(file), keyOf(file)];
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    return key === undefined ? new PlainReading(handle, size) : await SealedReading.open(handle, size, { path, key });
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The whole of a file. */
export async function readWhole(file: FilePath): Promise<Buffer> {
  await using reading = await openFile(file);
  const content = Buffer.alloc(reading.size);
  await reading.read(content, 0);
  return content;
}

class PlainReading implements FileReading {
  readonly #handle: FileHandle;
  readonly size: number;

  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.size = size;
  }

  read(target: Uint8Array, position: number): Promise<void> {
    return fill(this.#handle, target, position);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#handle.close();
  }
}

class SealedReading implements FileReading {
  readonly #handle: FileHandle;
  readonly #cipher: ChunkCipher;
  readonly #sealedSize: number;
  readonly size: number;

  private constructor(handle: FileHandle, sealedSize: number, cipher: ChunkCipher) {
    this.#handle = handle;
    this.#cipher = cipher;
    this.#sealedSize = sealedSize;
    this.size = contentBytes(sealedSize);
  }

  static async open(handle: FileHandle, size: number, { path, key }: { path: string; key: string }) {
    if (size < headerBytes) throw new SealedError(path);
    const header = Buffer.alloc(headerBytes);
    await fill(handle, header, 0);
    const reading = new SealedReading(handle, size, ChunkCipher.of(key, header, path));
    // A file that was cut between two chunks ends in one that does not say that it is the last.
    await reading.#chunk(reading.#lastChunk);
    return reading;
  }

  get #lastChunk(): number {
    return chunkCount(this.#sealedSize) - 1;
  }

  async read(target: Uint8Array, position: number): Promise<void> {
    if (position + target.length > this.size) throw endsEarly(this.size);
    for (let done = 0; done < target.length; ) {
      const index = Math.floor((position + done) / chunkBytes);
      const from = position + done - index * chunkBytes;
      const piece = (await this.#chunk(index)).subarray(from, from + target.length - done);
      target.set(piece, done);
      done += piece.length;
    }
  }

  async #chunk(index: number): Promise<Buffer> {
    const begin = headerBytes + index * sealedChunkBytes;
    const sealed = Buffer.alloc(Math.min(sealedChunkBytes, this.#sealedSize - begin));
    await fill(this.#handle, sealed, begin);
    return this.#cipher.open(sealed, index, index === this.#lastChunk);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#handle.close();
  }
}

/** A read of more than 2 GiB is refused by the system. */
const pieceBytes = 1 << 30;

async function fill(handle: FileHandle, target: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < target.length; ) {
    const { bytesRead } = await handle.read(target, done, Math.min(pieceBytes, target.length - done), position + done);
    if (bytesRead === 0) throw endsEarly(position + done);
    done += bytesRead;
  }
}

const endsEarly = (position: number) => new Error(`The file ends at ${position} bytes, before what it says it has.`);
