import { ServiceError } from '../../contract/errors.ts';
import type { Principal } from '../principal.ts';
import { newSession, type TemporaryCredentials } from '../principals/sessions.ts';
import type { TokenParts } from './make-session.ts';

const hourSeconds = 3_600;

/**
 * Makes temporary credentials of a user, or of an account's root, which may do the same.
 *
 * @param durationSeconds 12 hours unless given; of the root an hour at most
 * @throws ServiceError AccessDeniedException for who has temporary credentials already
 */
export async function getSessionToken(
  { secretKey, now }: Pick<TokenParts, 'secretKey' | 'now'>,
  principal: Principal,
  durationSeconds = 12 * hourSeconds,
): Promise<TemporaryCredentials> {
  if (principal.issuedAt !== undefined) {
    throw new ServiceError('AccessDeniedException', 'Cannot call GetSessionToken with session credentials');
  }
  const seconds = principal.kind === 'root' ? Math.min(durationSeconds, hourSeconds) : durationSeconds;
  const issuedAt = now();
  return newSession(await secretKey(), {
    principal: { ...principal, issuedAt },
    expiresAt: issuedAt + seconds * 1000,
  });
}
