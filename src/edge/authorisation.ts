import { type AuthorisationParts, authoriser } from '../access/authorisation/authorise.ts';
import type { Steps } from './pipeline.ts';

/**
 * Refuses what policies do not allow. Who shows the server's token may read its home anyway, and needs no policy.
 *
 * @returns a step that throws ServiceError AccessDeniedException
 */
export function authoriseBy(parts: AuthorisationParts): NonNullable<Steps['authorise']> {
  const authorise = authoriser(parts);
  return ({ request, operation, caller, input }) => {
    const { principal, region } = caller;
    if (principal === undefined) return undefined;
    const { remoteAddress: sourceIp, secure, headers } = request;
    const userAgent = headers['user-agent'];
    return authorise({ principal, operation, input: { ...input }, region, sourceIp, secure, userAgent });
  };
}
