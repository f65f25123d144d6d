import { keyAuthoriser } from '../access/keys/key-authorisation.ts';
import type { Call, Steps } from './pipeline.ts';

type Authorise = NonNullable<Steps['authorise']>;

/**
 * Refuses calls about keys that policies of keys, grants and the caller's own policies do not allow. Where signatures
 * are not verified, keys of other accounts are still refused.
 *
 * @returns a step that throws ServiceError AccessDeniedException
 */
export function authoriseKeysBy(parts: Parameters<typeof keyAuthoriser>[0]): Authorise {
  const authorise = keyAuthoriser(parts);
  return async ({ request, operation, caller, input }) => {
    const { principal, account, region = '' } = caller;
    const { remoteAddress: sourceIp, secure, headers } = request;
    const userAgent = headers['user-agent'];
    await authorise({ principal, account, region, operation, input: { ...input }, sourceIp, secure, userAgent });
  };
}

/** Asks one step about calls of KMS, and another, if there is one, about all others. */
export const authoriseEach =
  (parts: { readonly keys: Authorise; readonly others: Authorise | undefined }) =>
  (call: Call): ReturnType<Authorise> =>
    call.operation.service === 'kms' ? parts.keys(call) : parts.others?.(call);
