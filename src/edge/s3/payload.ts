import { createHash } from 'node:crypto';
import type { ObjectChecksum } from '../../data/objects/folder-buckets/object-facts.ts';
import { awsChunked } from './aws-chunked.ts';
import { isChecksumAlgorithm, newChecksum, type RunningChecksum } from './checksum-algorithms.ts';
import { inPace } from './pace.ts';
import { headerOf, type S3Call } from './s3-call.ts';
import { S3Error } from './s3-error.ts';

/** The content of a request's body. It is checked on the way: reading it to its end throws if it is not as was said. */
export type Payload = {
  readonly content: AsyncIterable<Buffer>;
  /** Once the content has been read: the checksum that it was held against. */
  checksum(): ObjectChecksum | undefined;
};

type Upload = Pick<S3Call, 'headers' | 'body' | 'caller' | 'pace'>;

const checksumHeader = /^x-amz-checksum-(.+)$/;

/**
 * @param algorithm of a checksum that is to be made even if the client sends none
 * @throws S3Error InvalidRequest, InvalidDigest for headers that are malformed; reading throws BadDigest,
 *   XAmzContentSHA256Mismatch, IncompleteBody or what `awsChunked` throws
 */
export function payloadOf(upload: Upload, algorithm?: string): Payload {
  const said = headerOf(upload, 'x-amz-content-sha256') ?? '';
  const expected = expectedOf(upload);
  const trailing = headerOf(upload, 'x-amz-trailer')?.trim().toLowerCase();
  const name = expected?.algorithm ?? checksumHeader.exec(trailing ?? '')?.[1] ?? algorithm;
  if (name !== undefined && !isChecksumAlgorithm(name))
    throw new S3Error('InvalidRequest', `There is no checksum ${name}.`);
  const running = name === undefined ? undefined : newChecksum(name);
  let value = expected?.value;
  let made: string | undefined;
  const bytes = said.startsWith('STREAMING-')
    ? unchunked(upload, said, (trailer) => {
        if (trailing !== undefined) value = trailer.get(trailing) ?? '';
      })
    : received(upload);
  async function* content(): AsyncGenerator<Buffer> {
    yield* checked(bytes, digestsOf(upload, said), running);
    made = running?.digest();
    if (value !== undefined && value !== made) throw badDigest(`${String(name).toUpperCase()} you specified`);
  }
  return {
    content: content(),
    checksum: () =>
      name === undefined || made === undefined ? undefined : { algorithm: name, value: made, type: 'FULL_OBJECT' },
  };
}

/** A whole body as text. @throws S3Error as reading its content, and EntityTooLarge above `limit` bytes */
export async function textOfPayload({ content }: Payload, limit: number): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of content) {
    bytes += piece.length;
    if (bytes > limit) throw new S3Error('EntityTooLarge', `The body exceeds the limit of ${limit} bytes.`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** The checksum that a header has. */
function expectedOf({ headers }: Upload): { readonly algorithm: string; readonly value: string } | undefined {
  const found = Object.keys(headers).flatMap((header) => {
    const [, algorithm = ''] = checksumHeader.exec(header) ?? [];
    return ['', 'algorithm', 'mode', 'type'].includes(algorithm) ? [] : [{ algorithm, value: String(headers[header]) }];
  });
  if (found.length > 1)
    throw new S3Error(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  return found[0];
}

/** Hashes of all of the content that headers have, with what each must be. */
function digestsOf(upload: Upload, said: string) {
  const md5 = headerOf(upload, 'content-md5');
  if (md5 !== undefined && Buffer.from(md5, 'base64').length !== 16) {
    throw new S3Error('InvalidDigest', 'The Content-MD5 you specified was invalid.');
  }
  const isHash = /^[\da-f]{64}$/i.test(said);
  if (!isHash && !['', 'UNSIGNED-PAYLOAD'].includes(said) && !said.startsWith('STREAMING-')) {
    throw new S3Error(
      'InvalidArgument',
      'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, a STREAMING-… form, or a valid sha256 value.',
    );
  }
  return [
    ...(md5 === undefined
      ? []
      : [
          {
            hash: createHash('md5'),
            expected: Buffer.from(md5, 'base64'),
            failure: () => badDigest('Content-MD5 you specified'),
          },
        ]),
    ...(isHash ? [{ hash: createHash('sha256'), expected: Buffer.from(said, 'hex'), failure: sha256Mismatch }] : []),
  ];
}

async function* checked(
  bytes: AsyncIterable<Buffer>,
  digests: ReturnType<typeof digestsOf>,
  running: RunningChecksum | undefined,
): AsyncGenerator<Buffer> {
  for await (const piece of bytes) {
    for (const { hash } of digests) hash.update(piece);
    running?.update(piece);
    yield piece;
  }
  for (const { hash, expected, failure } of digests) if (!hash.digest().equals(expected)) throw failure();
}

const signedForms = ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER'];
const unsignedForm = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';

function unchunked(
  upload: Upload,
  form: string,
  onTrailer: (trailer: ReadonlyMap<string, string>) => void,
): AsyncIterable<Buffer> {
  const length = headerOf(upload, 'x-amz-decoded-content-length') ?? '';
  if (!/^\d{1,15}$/.test(length)) {
    throw new S3Error('MissingContentLength', 'You must provide the x-amz-decoded-content-length HTTP header.');
  }
  if (!signedForms.includes(form) && form !== unsignedForm) {
    throw new S3Error('NotImplemented', `Bodies of the form ${form} are not taken.`);
  }
  const signatures = signedForms.includes(form) ? upload.caller.chunkSignatures : undefined;
  return awsChunked(received(upload), {
    length: Number(length),
    signatures,
    hasTrailer: form.endsWith('-TRAILER'),
    onTrailer,
  });
}

async function* received({ body, pace }: Upload): AsyncGenerator<Buffer> {
  // What stays unread after a failure is read by who answers.
  const pieces = body.iterator({ destroyOnReturn: false });
  let isLate = false;
  const late = () => {
    isLate = true;
    return lateBody();
  };
  try {
    yield* inPace(pieces, pace, late);
  } catch (error) {
    if (error instanceof S3Error) throw error;
    throw new S3Error('IncompleteBody', 'The request ended before its body was complete.');
  } finally {
    // A piece that was waited for is still waited for.
    if (!isLate) await pieces.return?.();
  }
}

const lateBody = () =>
  new S3Error(
    'RequestTimeout',
    'Your socket connection to the server was not read from or written to within the timeout period.',
  );

const badDigest = (which: string) => new S3Error('BadDigest', `The ${which} did not match what we received.`);

const sha256Mismatch = () =>
  new S3Error(
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  );
