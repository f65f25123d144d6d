import { ServiceError } from '../../contract/errors.ts';
import type { Principal } from '../principal.ts';
import { readClaim, type SignatureClaim } from '../signatures/claim.ts';
import type { SignedRequest, SigningRules } from '../signatures/signed-request.ts';
import { SigningKeys } from '../signatures/signing-keys.ts';
import { verify } from '../signatures/verify.ts';
import type { Principals } from './principals.ts';

/** Who has signed a request, and for which region. */
export type Signer = { readonly principal: Principal; readonly accessKeyId: string; readonly region: string };

type VerifierParts = {
  readonly principals: Pick<Principals, 'find'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
};

/**
 * Tells who has signed a request.
 *
 * @returns a function that throws ServiceError as `readClaim` and `verify`, and UnrecognizedClientException for an
 *   access key that is unknown, disabled or past its end, and for a session token.
 */
export function signatureVerifier({ principals, now }: VerifierParts) {
  const signingKeys = new SigningKeys();
  return (request: SignedRequest, rules: SigningRules): Signer => {
    const claim = readClaim(request, rules.service);
    const { accessKeyId, region } = claim;
    const time = now();
    const key = principals.find(accessKeyId);
    if (!key || !isUsable(key, claim, time)) {
      throw new ServiceError('UnrecognizedClientException', 'The security token included in the request is invalid.');
    }
    verify(request, claim, signingKeys.of(accessKeyId, claim, key.secret), { rules, now: time });
    return { principal: key.principal, accessKeyId, region };
  };
}

type Usable = { readonly isActive: boolean; readonly expiresAt?: number | undefined };

/** The keys of users have no session. */
const isUsable = ({ isActive, expiresAt }: Usable, { sessionToken }: SignatureClaim, now: number) =>
  isActive && (expiresAt === undefined || now < expiresAt) && !sessionToken;
