import type { IncomingHttpHeaders } from 'node:http';
import type { Service } from '../../contract/service.ts';

/** A request as it came, with all that a signature may cover. */
export type SignedRequest = {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly url: string;
  /** By name in lower case. Of a header that came twice, what Node made of it. */
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as they were sent. */
  readonly rawHeaders: readonly string[];
  readonly body: Uint8Array;
};

/** How a service signs. */
export type SigningRules = {
  /** The name of the service in a signature's scope. */
  readonly service: string;
  /**
   * `normalized`: dots and repeated slashes are resolved, and what the client has encoded is encoded again. `once`: the
   * path as it is, encoded once, as S3 has it.
   */
  readonly path: 'normalized' | 'once';
  /**
   * Whether the signature covers what `x-amz-content-sha256` says of the body, as S3 has it, and not the body: who
   * reads that holds it against the header.
   */
  readonly unsignedPayload: boolean;
};

/** For all three services of the API. */
export const personalizeRules: SigningRules = { service: 'personalize', path: 'normalized', unsignedPayload: false };

/** How calls of each service are signed. */
export const signingRules: Readonly<Record<Service, SigningRules>> = {
  personalize: personalizeRules,
  'personalize-events': personalizeRules,
  'personalize-runtime': personalizeRules,
  kms: { ...personalizeRules, service: 'kms' },
  iam: { ...personalizeRules, service: 'iam' },
  sts: { ...personalizeRules, service: 'sts' },
  admin: personalizeRules,
};

/** Path and query of a URL, the latter without its question mark. */
export function partsOf(url: string): { readonly path: string; readonly query: string } {
  const mark = url.indexOf('?');
  return mark < 0 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}
