import { ServiceError } from '../../contract/errors.ts';
import type { Principal } from '../principal.ts';
import { invalidSignature, readClaim, type SignatureClaim } from '../signatures/claim.ts';
import type { HmacKey } from '../signatures/hmac-key.ts';
import type { SignedRequest, SigningRules } from '../signatures/signed-request.ts';
import { SigningKeys } from '../signatures/signing-keys.ts';
import { verify } from '../signatures/verify.ts';
import { type LegacyClaim, verifyLegacy } from '../signatures/version-2.ts';
import type { KnownKey, Principals } from './principals.ts';

/** Who has signed a request, and for which region. */
export type Signer = {
  readonly principal: Principal;
  readonly accessKeyId: string;
  readonly region: string;
  readonly claim: SignatureClaim;
  /** What verifies signatures that go on from that of the request. */
  readonly signingKey: HmacKey;
};

type VerifierParts = {
  readonly principals: Pick<Principals, 'find' | 'session'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
};

/**
 * Tells who has signed a request.
 *
 * @returns a function that throws ServiceError as `readClaim` and `verify`, and UnrecognizedClientException for an
 *   access key that is unknown, disabled or past its end, or a session token that is none; ExpiredTokenException for
 *   one that has ended.
 */
export function signatureVerifier({ principals, now }: VerifierParts) {
  const signingKeys = new SigningKeys();
  return (request: SignedRequest, rules: SigningRules): Signer => {
    const claim = readClaim(request, rules.service);
    const { accessKeyId, region } = claim;
    const time = now();
    const key = credentialOf(principals, claim, time);
    const signingKey = signingKeys.of(claim, key.secret);
    verify(request, claim, signingKey, { rules, now: time });
    return { principal: key.principal, accessKeyId, region, claim, signingKey };
  };
}

/** Tells who has signed a request of S3. Both throw as `signatureVerifier`. */
export type S3Verifier = {
  /** By version 4. */
  readonly current: (request: SignedRequest, rules: SigningRules) => Signer;
  /** By version 2, in a URL. @param bucket that the host names */
  readonly legacy: (request: SignedRequest, claim: LegacyClaim, bucket: string | undefined) => Principal;
};

export function s3Verifier({ principals, now }: VerifierParts): S3Verifier {
  return {
    current: signatureVerifier({ principals, now }),
    legacy(request, claim, bucket) {
      const key = credentialOf(principals, claim, now());
      verifyLegacy(request, claim, { secret: key.secret(), bucket });
      if (Number(claim.expires) * 1000 < now()) throw invalidSignature('Signature expired');
      return key.principal;
    },
  };
}

/** Of an access key, or of a session where the claim has a token. @throws ServiceError as the verifier */
function credentialOf(
  principals: VerifierParts['principals'],
  { accessKeyId, sessionToken }: Pick<SignatureClaim, 'accessKeyId' | 'sessionToken'>,
  now: number,
): Pick<KnownKey, 'principal' | 'secret'> {
  if (!sessionToken) {
    const key = principals.find(accessKeyId);
    if (key?.isActive && now < (key.expiresAt ?? Number.POSITIVE_INFINITY)) return key;
    throw unrecognized();
  }
  const session = principals.session(sessionToken);
  if (session?.accessKeyId !== accessKeyId) throw unrecognized();
  if (now >= session.expiresAt) {
    throw new ServiceError('ExpiredTokenException', 'The security token included in the request is expired');
  }
  return { principal: session.principal, secret: () => session.secretAccessKey };
}

const unrecognized = () =>
  new ServiceError('UnrecognizedClientException', 'The security token included in the request is invalid.');
