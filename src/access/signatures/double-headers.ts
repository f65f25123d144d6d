import { incomplete } from './claim.ts';
import type { SignedRequest } from './signed-request.ts';

type Headers = Pick<SignedRequest, 'headers' | 'rawHeaders'>;

/** Whether any header came twice. */
export const hasDoubles = ({ headers, rawHeaders }: Headers): boolean =>
  Object.keys(headers).length * 2 !== rawHeaders.length;

/** Beside all that begin with `x-amz-`. */
const single = new Set(['authorization', 'host', 'date', 'content-type', 'content-length']);

/**
 * Refuses a request with two of a header that says what is asked, where, when or by whom: client and server might go by
 * different ones.
 *
 * @throws ServiceError IncompleteSignature
 */
export function refuseDoubles(request: Headers): void {
  if (!hasDoubles(request)) return;
  const seen = new Set<string>();
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const name = String(request.rawHeaders[i]).toLowerCase();
    if (seen.has(name) && (single.has(name) || name.startsWith('x-amz-'))) {
      throw incomplete(`The request has two headers '${name}'.`);
    }
    seen.add(name);
  }
}
