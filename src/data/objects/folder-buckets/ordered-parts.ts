import { hash } from 'node:crypto';
import { BucketError } from './bucket-error.ts';
import type { ObjectChecksum } from './object-facts.ts';

/** A part of an upload that is there. */
export type UploadedPart = {
  readonly number: number;
  readonly etag: string;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
  readonly checksum?: ObjectChecksum | undefined;
};

/** A part as the caller names it at the end of an upload, its checksums by algorithm. */
export type NamedPart = {
  readonly number: number;
  readonly etag: string;
  readonly checksums: ReadonlyMap<string, string>;
};

/** All parts but the last have so many bytes. */
const minPartBytes = 5 * 2 ** 20;

/** The parts that are to be the object. @throws BucketError for parts that are missing, out of order or too small */
export function orderedParts<Part extends UploadedPart>(
  named: readonly NamedPart[],
  uploaded: ReadonlyMap<number, Part>,
): readonly Part[] {
  if (named.some(({ number }, index) => index > 0 && number <= (named[index - 1]?.number ?? 0))) {
    throw new BucketError(
      'part-order',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    );
  }
  const parts = named.map(({ number, etag, checksums }) => {
    const part = uploaded.get(number);
    const given = part?.checksum && checksums.get(part.checksum.algorithm);
    if (part?.etag === etag && (given === undefined || given === part.checksum?.value)) return part;
    throw new BucketError(
      'part-missing',
      "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    );
  });
  if (parts.slice(0, -1).every(({ bytes }) => bytes >= minPartBytes)) return parts;
  throw new BucketError('part-too-small', 'Your proposed upload is smaller than the minimum allowed size');
}

/** As S3 makes it: the MD5 of the parts' MD5, and how many they are. */
export function multipartEtag(parts: readonly Pick<UploadedPart, 'etag'>[]): string {
  const together = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag, 'hex')));
  return `${hash('md5', together)}-${parts.length}`;
}
