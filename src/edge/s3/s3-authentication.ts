import type { S3Verifier } from '../../access/principals/verified-principal.ts';
import { ChunkVerifier } from '../../access/signatures/chunks.ts';
import { readClaim, type SignatureClaim } from '../../access/signatures/claim.ts';
import type { SignedRequest, SigningRules } from '../../access/signatures/signed-request.ts';
import { readLegacyClaim } from '../../access/signatures/version-2.ts';
import { ServiceError } from '../../contract/errors.ts';
import type { S3Address } from './s3-address.ts';
import type { S3Caller } from './s3-call.ts';
import { S3Error } from './s3-error.ts';

/** How S3 signs: who reads the body holds it against the hash that the signature covers. */
export const s3Rules: SigningRules = { service: 's3', path: 'once', unsignedPayload: true };

/** A region that version 2 does not tell. */
const defaultRegion = 'us-east-1';

type AuthenticationParts = {
  /** The account of every caller whose signature is not verified. */
  readonly account: string;
  /** Verifies signatures. Without, one that is well-formed will do. */
  readonly verifier?: S3Verifier | undefined;
};

/**
 * Tells who asks. Signatures of version 4 are taken, and URLs signed by version 2, as boto3 still makes them.
 *
 * @returns a function that throws S3Error, or ServiceError as `readClaim`
 */
export function authenticateS3({ account, verifier }: AuthenticationParts) {
  return (request: SignedRequest, address: S3Address): S3Caller => {
    const { headers, url } = request;
    if (headers.authorization === undefined) {
      const legacy = readLegacyClaim(request);
      if (legacy) {
        const { accessKeyId } = legacy;
        const principal = verifier && inS3Words(() => verifier.legacy(request, legacy, address.virtualBucket), true);
        return { account: principal?.account ?? account, region: defaultRegion, accessKeyId, principal };
      }
      if (!url.includes('X-Amz-')) throw accessDenied();
    } else if (headers.authorization.startsWith('AWS ')) {
      throw new S3Error(
        'InvalidRequest',
        'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
      );
    }
    if (verifier) return verified(request, verifier);
    const { accessKeyId, region } = readClaim(request, s3Rules.service);
    return { account, region, accessKeyId };
  };
}

function verified(request: SignedRequest, verifier: S3Verifier): S3Caller {
  const isUrl = request.headers.authorization === undefined;
  if (!isUrl && request.headers['x-amz-content-sha256'] === undefined) {
    throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  }
  const { principal, accessKeyId, region, claim, signingKey } = inS3Words(
    () => verifier.current(request, s3Rules),
    isUrl,
  );
  requireAllSigned(request, claim);
  const chunkSignatures = new ChunkVerifier(claim, signingKey);
  return { account: principal.account, region, accessKeyId, principal, chunkSignatures };
}

/** What a header asks for must be covered: `x-amz-copy-source` would make another request of one that was captured. */
function requireAllSigned({ headers }: SignedRequest, { signedHeaders }: SignatureClaim): void {
  const names = new Set(signedHeaders.split(';'));
  // The hash of the body is covered in a place of its own.
  const isUnsigned = (name: string) => name.startsWith('x-amz-') && name !== 'x-amz-content-sha256' && !names.has(name);
  const unsigned = Object.keys(headers).find(isUnsigned);
  if (unsigned === undefined) return;
  throw new S3Error('AccessDenied', `There were headers present in the request which were not signed: ${unsigned}`);
}

/** @param isUrl of a signature in the URL */
function inS3Words<T>(work: () => T, isUrl: boolean): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (/^Signature (expired|not yet current)/.test(error.message)) {
      throw isUrl
        ? new S3Error('AccessDenied', 'Request has expired')
        : new S3Error(
            'RequestTimeTooSkewed',
            'The difference between the request time and the current time is too large.',
          );
    }
    throw error;
  }
}

export const accessDenied = (): S3Error => new S3Error('AccessDenied', 'Access Denied');
