import { timingSafeEqual } from 'node:crypto';
import { readClaim } from '../access/signatures/claim.ts';
import { personalizeRules } from '../access/signatures/signed-request.ts';
import { ServiceError } from '../contract/errors.ts';
import type { Steps } from './pipeline.ts';
import { announcement } from './running-server.ts';

/**
 * Tells who calls by what the operation asks for: a signature, the server's token, or nothing.
 *
 * @param account the account of every caller, as long as signatures are not verified
 */
export function authenticateBy({
  account,
  token,
}: {
  readonly account: string;
  readonly token: string;
}): Steps['authenticate'] {
  return ({ id, url, headers }, { shows }) => {
    const operator = { account, requestId: id };
    if (shows === undefined) {
      const { accessKeyId, region } = readClaim({ url, headers }, personalizeRules.service);
      return { ...operator, accessKeyId, region };
    }
    if (shows === 'token') requireToken(headers.authorization, token);
    return operator;
  };
}

/** @throws ServiceError AccessDeniedException */
function requireToken(header: string | undefined, token: string): void {
  const [given, expected] = [Buffer.from(header ?? ''), Buffer.from(`Bearer ${token}`)];
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  throw new ServiceError(
    'AccessDeniedException',
    `Only who may read ${announcement} in the home gets a copy of the database.`,
  );
}
