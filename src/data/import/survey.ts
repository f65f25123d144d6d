import { CsvReader } from './csv-reader.ts';
import { bytes, type Dialect } from './line-reading.ts';

const { lf, cr, backslash } = bytes;

/** What the lines of a CSV file say together; of several files, the sum. */
export type Survey = {
  /** Lines that are not empty. */
  readonly lines: number;
  /** Lines that are only, or better, read with `""` for a quote. */
  readonly doubled: number;
  /** Lines that are only, or better, read with `\"` for a quote. */
  readonly backslash: number;
  /** Lines that have a backslash in quotes that escapes nothing. */
  readonly loneBackslash: number;
  /** Whether there is a U+0000. */
  readonly nul: boolean;
};

/** The dialect that most lines show; undefined where none does. */
export function shownDialect({ doubled, backslash: escaped }: Survey): Dialect | undefined {
  if (doubled === escaped) return undefined;
  return doubled > escaped ? 'doubled' : 'backslash';
}

/**
 * Whether DuckDB, reading every line by `dialect`, reads what the plain reader reads, whose dialect for unclear lines
 * is the same. Both may still refuse a line.
 */
export function isUniform(survey: Survey, dialect: Dialect): boolean {
  if (survey.nul) return false;
  return dialect === 'doubled' ? survey.backslash === 0 : survey.doubled === 0 && survey.loneBackslash === 0;
}

/**
 * Surveys a file from its pieces at the speed of the disk: only lines with a backslash are read as CSV, for all others
 * are the same in both dialects.
 */
export class Surveyor {
  readonly #reader: CsvReader;
  #lines = 0;
  /** Whether a line has begun that has not ended yet. */
  #begun = false;
  #doubled = 0;
  #backslash = 0;
  #loneBackslash = 0;
  #nul = false;

  /** @param width cells of the header. */
  constructor(width: number) {
    this.#reader = new CsvReader({ width, dialect: 'doubled' });
  }

  take(chunk: Uint8Array): void {
    this.#nul ||= chunk.includes(0);
    this.#lines += endsIn(chunk, this.#begun);
    const last = chunk.at(-1);
    if (last !== undefined) this.#begun = last !== lf && last !== cr;
    // The line that the piece begins in, and the one that it ends in, may have a backslash in another piece.
    const first = firstEnd(chunk, 0);
    const lastLine = Math.max(lastEnd(chunk, chunk.length - 1), first);
    this.#read(chunk.subarray(0, first));
    let next = chunk.indexOf(backslash, first);
    while (next >= 0 && next < lastLine) {
      const end = firstEnd(chunk, next);
      this.#read(chunk.subarray(lastEnd(chunk, next), end));
      next = chunk.indexOf(backslash, end);
    }
    this.#read(chunk.subarray(lastLine));
  }

  /** The survey, once all has been taken. */
  end(): Survey {
    for (const record of this.#reader.end()) this.#note(record);
    const [doubled, escaped, loneBackslash] = [this.#doubled, this.#backslash, this.#loneBackslash];
    const lines = this.#lines + (this.#begun ? 1 : 0);
    return { lines, doubled, backslash: escaped, loneBackslash, nul: this.#nul };
  }

  #read(lines: Uint8Array): void {
    for (const record of this.#reader.read(lines)) this.#note(record);
  }

  #note({ escapes, loneBackslash }: { escapes?: Dialect | 'unclear'; loneBackslash: boolean }): void {
    if (escapes === 'doubled') this.#doubled++;
    if (escapes === 'backslash') this.#backslash++;
    if (loneBackslash) this.#loneBackslash++;
  }
}

/** How many lines that are not empty end in a piece. @param begun whether the first has begun before it */
function endsIn(chunk: Uint8Array, begun: boolean): number {
  if (!chunk.includes(cr) && (begun || chunk[0] !== lf)) {
    const ends = lineFeedsApart(chunk);
    if (ends !== undefined) return ends;
  }
  return endsByteByByte(chunk, begun);
}

function endsByteByByte(chunk: Uint8Array, begun: boolean): number {
  let ends = 0;
  let inLine = begun;
  // An index is several times as fast as an iterator here.
  for (let index = 0; index < chunk.length; index++) {
    const byte = chunk[index];
    if (byte !== lf && byte !== cr) inLine = true;
    else if (inLine) {
      ends++;
      inLine = false;
    }
  }
  return ends;
}

const [everyLf, lowBits, highBits, ones] = [0x0a0a0a0a, 0x7f7f7f7f, 0x80808080, 0x01010101];

/** How many LFs a piece has, four bytes at a time; undefined if two stand side by side, as around an empty line. */
function lineFeedsApart(chunk: Uint8Array): number | undefined {
  const { buffer, byteOffset, length } = chunk;
  const before = (4 - (byteOffset % 4)) % 4;
  if (length < before + 4) return undefined;
  const words = new Uint32Array(buffer, byteOffset + before, (length - before) >> 2);
  const after = before + 4 * words.length;
  let ends = 0;
  let sideBySide = 0;
  let last = 0;
  for (let index = 0; index < words.length; index++) {
    const different = (words[index] ?? 0) ^ everyLf;
    // The highest bit of each byte that is an LF (Warren, Hacker's Delight, 6-1).
    const found = ~(((different & lowBits) + lowBits) | different | lowBits);
    ends += Math.imul(found >>> 7, ones) >>> 24;
    sideBySide |= found & ((found << 8) | last);
    last = (found >>> 24) & 0x80;
  }
  // The few bytes before and behind the words, each with its neighbour among them.
  const [start, end] = [chunk.subarray(0, before + 1), chunk.subarray(after - 1)];
  ends += lineFeedsIn(start.subarray(0, -1)) + lineFeedsIn(end.subarray(1));
  return (sideBySide & highBits) !== 0 || hasPair(start) || hasPair(end) ? undefined : ends;
}

const lineFeedsIn = (few: Uint8Array): number => few.reduce((sum, byte) => sum + (byte === lf ? 1 : 0), 0);
const hasPair = (few: Uint8Array): boolean => few.some((byte, index) => byte === lf && few[index + 1] === lf);

/** Where the line ends that `index` is in: behind its LF or CR, or at the end of the piece. */
function firstEnd(chunk: Uint8Array, index: number): number {
  let end = index;
  while (end < chunk.length && chunk[end] !== lf && chunk[end] !== cr) end++;
  return Math.min(end + 1, chunk.length);
}

/** Where the line begins that `index` is in: behind the LF or CR before, or 0. */
function lastEnd(chunk: Uint8Array, index: number): number {
  let start = index;
  while (start > 0 && chunk[start - 1] !== lf && chunk[start - 1] !== cr) start--;
  return start;
}

/** The survey of several files together. */
export const sumOf = (surveys: readonly Survey[]): Survey =>
  surveys.reduce(
    (sum, survey) => ({
      lines: sum.lines + survey.lines,
      doubled: sum.doubled + survey.doubled,
      backslash: sum.backslash + survey.backslash,
      loneBackslash: sum.loneBackslash + survey.loneBackslash,
      nul: sum.nul || survey.nul,
    }),
    { lines: 0, doubled: 0, backslash: 0, loneBackslash: 0, nul: false },
  );
