import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CsvReader, type CsvRecord } from './csv-reader.ts';
import { checkKind } from './file-kind.ts';
import { ImportError } from './import-error.ts';
import type { Dialect, Fault } from './line-reading.ts';
import { type Survey, Surveyor, shownDialect } from './survey.ts';

/** What a first look at a CSV file tells. */
export type CsvFile = {
  /** Where it lies on this machine. */
  readonly path: string;
  /** Its name in messages. */
  readonly uri: string;
  readonly gzipped: boolean;
  readonly header: readonly string[];
  /** The dialect that its beginning shows, if any. */
  readonly shown: Dialect | undefined;
  /** Of a file that the first look has seen to its end. */
  readonly survey?: Survey;
};

/** Bytes of the first look: most files of a folder of small ones are read but once. */
const lookBytes = 1 << 20;
const mostColumns = 10_000;

/**
 * Looks at the beginning of a file.
 *
 * @returns undefined for a file without anything but empty lines.
 * @throws ImportError for one that is no CSV, or has no header.
 */
export async function inspectCsv(path: string, uri: string): Promise<CsvFile | undefined> {
  const gzipped = await isGzipped(path);
  const look = new FirstLook(uri);
  let finished = true;
  for await (const chunk of readBytes({ path, uri, gzipped })) {
    look.take(chunk);
    finished = look.bytes < lookBytes;
    if (!finished) break;
  }
  if (finished) look.end();
  const { header, surveyor } = look;
  if (header !== undefined && surveyor !== undefined) {
    const survey = surveyor.end();
    return { path, uri, gzipped, header, shown: shownDialect(survey), ...(finished && { survey }) };
  }
  if (finished) return undefined;
  throw new ImportError(
    `${uri} has a first line of more than ${lookBytes} bytes: the first line must name the columns.`,
  );
}

/** Finds the header in the first pieces of a file, and surveys them. */
class FirstLook {
  readonly #uri: string;
  readonly #reader = new CsvReader({ width: mostColumns, least: 1, dialect: 'doubled' });
  /** Those before the header is known. */
  readonly #pieces: Uint8Array[] = [];
  bytes = 0;
  header: readonly string[] | undefined;
  surveyor: Surveyor | undefined;

  constructor(uri: string) {
    this.#uri = uri;
  }

  take(chunk: Uint8Array): void {
    if (this.bytes === 0) checkKind(chunk, this.#uri);
    this.bytes += chunk.length;
    this.#pieces.push(chunk);
    if (this.header === undefined) this.#find(this.#reader.read(chunk));
    if (this.surveyor !== undefined) for (const piece of this.#pieces.splice(0)) this.surveyor.take(piece);
  }

  end(): void {
    if (this.header !== undefined) return;
    this.#find(this.#reader.end());
    for (const piece of this.#pieces) this.surveyor?.take(piece);
  }

  #find(records: Iterable<CsvRecord>): void {
    for (const record of records) {
      this.header = headerOf(record, this.#uri);
      this.surveyor = new Surveyor(this.header.length);
      return;
    }
  }
}

/** The names of a file's columns. @throws ImportError also for a file without anything but empty lines. */
export async function readHeader(path: string, uri: string): Promise<readonly string[]> {
  const file = await inspectCsv(path, uri);
  if (file === undefined) throw new ImportError(`${uri} ${emptiness}.`);
  return file.header;
}

/** What an empty file lacks, as the end of a sentence about it. */
export const emptiness = 'is empty: the first line must name the columns';

/**
 * The bytes of a file in pieces, unpacked where it is gzipped, without a byte order mark.
 *
 * @param onRead is called with the number of bytes of the file that have been read.
 * @param chunkBytes so few by default that parsing them does not hold up the event loop.
 * @throws ImportError where the file cannot be unpacked.
 */
export async function* readBytes(
  { path, uri, gzipped }: Pick<CsvFile, 'path' | 'uri' | 'gzipped'>,
  { onRead, chunkBytes = 1 << 16 }: { onRead?: (bytes: number) => void; chunkBytes?: number } = {},
): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: chunkBytes });
  const stream = gzipped ? pipeline(file, createGunzip({ chunkSize: chunkBytes }), () => {}) : file;
  let begun = false;
  try {
    for await (const chunk of stream) {
      onRead?.(file.bytesRead);
      yield begun ? chunk : withoutMark(chunk);
      begun = true;
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) {
      throw new ImportError(`${uri} is not a complete gzip file: ${error.message}.`, { cause: error });
    }
    throw error;
  }
}

/** Surveys a whole file, unless the first look already has. */
export async function surveyCsv(file: CsvFile, signal: AbortSignal): Promise<Survey> {
  if (file.survey !== undefined) return file.survey;
  const surveyor = new Surveyor(file.header.length);
  // Most of a survey is so much quicker than parsing that larger pieces do.
  for await (const chunk of readBytes(file, { chunkBytes: 1 << 18 })) {
    signal.throwIfAborted();
    surveyor.take(chunk);
  }
  return surveyor.end();
}

const headerFaults: { readonly [F in Fault]: string } = {
  'open-quote': 'it has a quote that is not closed',
  'text-after-quote': 'it has text after the quote that ends a name',
  'not-utf8': 'it is not encoded in UTF-8',
  'surplus-cells': `it names more than ${mostColumns.toLocaleString('en')} columns`,
};

function headerOf({ line, fault, cells }: CsvRecord, uri: string): string[] {
  if (line !== 1) throw new ImportError(`The first line of ${uri} is empty, but must name the columns.`);
  if (fault !== undefined) throw new ImportError(`The first line of ${uri} is not a header: ${headerFaults[fault]}.`);
  return cells.map((cell) => cell.text);
}

async function isGzipped(path: string): Promise<boolean> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
  return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
}

function withoutMark(start: Uint8Array): Uint8Array {
  return start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf ? start.subarray(3) : start;
}
