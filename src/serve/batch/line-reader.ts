import { type FileHandle, open } from 'node:fs/promises';
import type { LineRange } from './batch-tasks.ts';

/** A line of a file that is not blank, without its end. */
export type RawLine = {
  /** Position of its first byte in the file. A byte order mark belongs to the first line. */
  readonly offset: number;
  /** Good until the next line is asked for; of a line that is too long, the beginning. */
  readonly bytes: Buffer;
  readonly isTooLong: boolean;
};

const [lineFeed, carriageReturn, space, tab] = [0x0a, 0x0d, 0x20, 0x09];
const mark = Buffer.from([0xef, 0xbb, 0xbf]);
const chunkBytes = 2 ** 18;
/** Bytes of a line that is too long which are kept, for people to find it by. */
export const shownBytes = 1000;

/**
 * The lines that begin within a range, in their order. Takes memory for one line of at most `lineBytes`, however long
 * the lines are.
 *
 * @param lineBytes a longer line, its end not counted, is too long
 * @throws what a disk does
 */
export async function* rawLines(range: LineRange, lineBytes: number): AsyncGenerator<RawLine> {
  const handle = await open(range.path, 'r');
  try {
    yield* linesOf(handle, range, lineBytes);
  } finally {
    await handle.close();
  }
}

async function* linesOf(handle: FileHandle, { begin, end }: LineRange, lineBytes: number): AsyncGenerator<RawLine> {
  const line = new OpenLine(lineBytes);
  const chunk = Buffer.allocUnsafe(chunkBytes);
  // The line that ends right before the range, or reaches into it, belongs to the range before.
  let position = Math.max(0, begin - 1);
  let isOurs = begin === 0 && end > 0;
  if (isOurs) line.start(0);
  while (isOurs || position < end) {
    const { bytesRead } = await handle.read(chunk, 0, chunkBytes, position);
    if (bytesRead === 0) break;
    const read = chunk.subarray(0, bytesRead);
    for (let at = 0; at < bytesRead; ) {
      const found = read.indexOf(lineFeed, at);
      const stop = found < 0 ? bytesRead : found;
      if (isOurs) line.add(read.subarray(at, stop), found >= 0);
      if (found < 0) break;
      at = found + 1;
      if (isOurs && !line.isBlank) yield line.raw();
      // What begins beyond the range is for the next one.
      if (position + at >= end) return;
      isOurs = true;
      line.start(position + at);
    }
    position += bytesRead;
  }
  if (isOurs && !line.isBlank) yield line.raw();
}

/** A line as it is read, piece by piece. */
class OpenLine {
  readonly #most: number;
  #offset = 0;
  /** How long it is so far; the pieces hold no more of it than is needed. */
  #length = 0;
  #pieces: Buffer[] = [];
  #isBlank = true;

  constructor(most: number) {
    this.#most = most;
  }

  start(offset: number): void {
    this.#offset = offset;
    this.#length = 0;
    this.#pieces = [];
    this.#isBlank = true;
  }

  /** @param isLast whether the line ends here: then the piece is read before the next chunk takes its place */
  add(piece: Buffer, isLast: boolean): void {
    const isFirst = this.#length === 0;
    const room = this.#most + mark.length + 1 - this.#length; // and a carriage return
    if (room > 0) this.#pieces.push(isLast ? piece.subarray(0, room) : Buffer.from(piece.subarray(0, room)));
    this.#isBlank &&= isBlank(piece, isFirst ? this.#markIn(piece) : 0);
    this.#length += piece.length;
  }

  get isBlank(): boolean {
    return this.#isBlank;
  }

  raw(): RawLine {
    const [first = Buffer.alloc(0)] = this.#pieces;
    const kept = this.#pieces.length <= 1 ? first : Buffer.concat(this.#pieces);
    const marked = this.#markIn(kept);
    const returned = this.#length === kept.length && kept.at(-1) === carriageReturn ? 1 : 0;
    const isTooLong = this.#length - returned - marked > this.#most;
    const bytes = kept.subarray(marked, isTooLong ? marked + shownBytes : kept.length - returned);
    return { offset: this.#offset, bytes, isTooLong };
  }

  #markIn(bytes: Buffer): number {
    return this.#offset === 0 && bytes.subarray(0, mark.length).equals(mark) ? mark.length : 0;
  }
}

function isBlank(bytes: Buffer, from: number): boolean {
  for (let n = from; n < bytes.length; n++) {
    const byte = bytes[n];
    if (byte !== space && byte !== tab && byte !== carriageReturn) return false;
  }
  return true;
}
