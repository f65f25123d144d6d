import { createHash } from 'node:crypto';
import { S3Error } from './s3-error.ts';

/** Checks the signatures of chunks, each of which covers the one before. */
export type ChunkSignatures = {
  /** @param hash SHA-256 of the chunk in hexadecimal @throws S3Error SignatureDoesNotMatch */
  requireChunk(hash: string, signature: string): void;
  /** @param lines the trailing headers, each as `name:value\n` */
  requireTrailer(lines: string, signature: string): void;
};

export type ChunkedParts = {
  /** The length of the content, as the request's head has it. */
  readonly length: number;
  readonly signatures?: ChunkSignatures | undefined;
  readonly hasTrailer: boolean;
  /** Given the trailing headers, by name in lower case, before the content ends. */
  readonly onTrailer: (trailer: ReadonlyMap<string, string>) => void;
};

const longestLine = 4096;
const mostTrailers = 20;

/**
 * Takes the content out of the encoding `aws-chunked`
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html): chunks with their size in hexadecimal and
 * their signature, the last of them empty, then headers.
 *
 * @throws S3Error IncompleteBody if it ends early or is of another length, InvalidRequest if it is something else
 */
export async function* awsChunked(
  source: AsyncIterable<Buffer>,
  { length, signatures, hasTrailer, onTrailer }: ChunkedParts,
): AsyncGenerator<Buffer> {
  await using reader = new LineReader(source);
  let total = 0;
  for (;;) {
    const line = (await reader.line()) ?? '';
    const [, digits = '', signature = ''] = /^([\da-f]{1,12})(?:;chunk-signature=([\da-f]{64}))?\s*$/i.exec(line) ?? [];
    if (digits === '') throw broken('a chunk has no size');
    const size = Number.parseInt(digits, 16);
    total += size;
    if (total > length) throw incomplete('more');
    const hash = signatures && createHash('sha256');
    for await (const piece of reader.bytes(size)) {
      hash?.update(piece);
      yield piece;
    }
    if (hash) signatures?.requireChunk(hash.digest('hex'), signature);
    if (size === 0) break;
    if ((await reader.line()) !== '') throw broken('a chunk is longer than its size');
  }
  if (total !== length) throw incomplete('fewer');
  const trailer = await readTrailer(reader, signatures);
  if (hasTrailer) onTrailer(trailer);
}

async function readTrailer(reader: LineReader, signatures: ChunkSignatures | undefined) {
  const trailer = new Map<string, string>();
  let lines = '';
  for (let count = 0; count < mostTrailers; count++) {
    const line = await reader.line();
    if (line === undefined || line === '') {
      if (count > 0 || line === undefined) break;
      continue;
    }
    const colon = line.indexOf(':');
    if (colon < 1) throw broken('a trailing header has no name');
    const [name, value] = [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    if (trailer.has(name)) throw broken(`the trailing header ${name} came twice`);
    trailer.set(name, value);
    if (name !== 'x-amz-trailer-signature') lines += `${name}:${value}\n`;
  }
  if (lines !== '') signatures?.requireTrailer(lines, trailer.get('x-amz-trailer-signature') ?? '');
  return trailer;
}

/** Reads lines and counted bytes from pieces of any size. */
class LineReader {
  readonly #pieces: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#pieces = source[Symbol.asyncIterator]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pieces.return?.();
  }

  /** The next line without its end; undefined at the end of all. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#rest.indexOf('\n');
      if (end >= 0) {
        const text = this.#rest.toString('latin1', 0, end).replace(/\r$/, '');
        this.#rest = this.#rest.subarray(end + 1);
        return text;
      }
      if (this.#rest.length > longestLine) throw broken('a line is too long');
      if (!(await this.#more())) {
        if (this.#rest.length === 0) return undefined;
        throw incomplete('fewer');
      }
    }
  }

  async *bytes(count: number): AsyncGenerator<Buffer> {
    let left = count;
    while (left > 0) {
      if (this.#rest.length === 0 && !(await this.#more())) throw incomplete('fewer');
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      if (piece.length > 0) yield piece;
    }
  }

  async #more(): Promise<boolean> {
    const { value, done } = await this.#pieces.next();
    if (done) return false;
    this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value]);
    return true;
  }
}

const broken = (what: string) => new S3Error('InvalidRequest', `The body is not in the encoding aws-chunked: ${what}.`);

const incomplete = (which: 'more' | 'fewer') =>
  new S3Error(
    'IncompleteBody',
    `You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header: there are ${which}.`,
  );
