import type { IncomingMessage } from 'node:http';
import { ServiceError } from '../contract/errors.ts';

/** Bytes of a request line and headers together: Node's own limit, and S3's with room for its 2 KB of metadata. */
export const largestHead = 16 * 1024;

/** A URL of S3 has at most 1,024 bytes of a key, each encoded, and a signature with a session token. */
export const longestUrl = 8192;

/** S3's metadata of an object, 2 KB, are fewer; SDKs send a dozen. */
export const mostHeaders = 256;

/** @throws ServiceError for a head that no client of AWS sends */
export function requireSmallHead({ url = '', rawHeaders }: Pick<IncomingMessage, 'url' | 'rawHeaders'>): void {
  if (url.length > longestUrl) {
    throw new ServiceError('RequestUriTooLong', `The URL exceeds the limit of ${longestUrl} characters.`);
  }
  if (rawHeaders.length > 2 * mostHeaders) {
    throw new ServiceError('RequestHeaderSectionTooLarge', `The request has more than ${mostHeaders} headers.`);
  }
}
