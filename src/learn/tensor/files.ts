import { type FileHandle, open } from 'node:fs/promises';

/** A file that is read from any position. */
export type ReadableFile = AsyncDisposable & {
  /** In bytes. */
  readonly size: number;
  /** Fills `target` from a position on. @throws Error if the file ends before */
  read(target: Uint8Array, position: number): Promise<void>;
};

/** A new file that is written from its beginning to its end. */
export type WritableFile = AsyncDisposable & {
  append(bytes: Uint8Array): Promise<void>;
  /** Ends the file, on the disk itself. */
  end(): Promise<void>;
};

/** How files are read and written, for who encrypts them, for example. */
export type FileAccess = {
  open(path: string): Promise<ReadableFile>;
  /** @throws Error if there is one already */
  create(path: string): Promise<WritableFile>;
};

/** Files as they are. */
export const plainFiles: FileAccess = {
  async open(path) {
    const file = await open(path, 'r');
    const { size } = await file.stat();
    return {
      size,
      read: (target, position) => readAt(file, target, position),
      [Symbol.asyncDispose]: () => file.close(),
    };
  },
  async create(path) {
    const file = await open(path, 'wx');
    return {
      append: (bytes) => writeAll(file, bytes),
      end: () => file.sync(),
      [Symbol.asyncDispose]: () => file.close(),
    };
  },
};

/** A read or write of more than 2 GiB is refused by the system. */
const pieceBytes = 1 << 30;

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const piece = bytes.subarray(done, done + pieceBytes);
    done += (await file.write(piece, 0, piece.length)).bytesWritten;
  }
}

async function readAt(file: FileHandle, target: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < target.length; ) {
    const { bytesRead } = await file.read(target, done, Math.min(pieceBytes, target.length - done), position + done);
    if (bytesRead === 0) throw new Error(`The file ends at ${position + done} bytes, before what it says it has.`);
    done += bytesRead;
  }
}
