import { rootArn } from '../../access/principals/identifiers.ts';
import type { Caller, HandlersOf } from '../handler.ts';

/** Who calls, as IAM names it. Where signatures are not verified, that is the root of the account. */
export const callerIdentityHandlers: HandlersOf<'GetCallerIdentity'> = {
  GetCallerIdentity: async (_input, caller) => identityOf(caller),
};

function identityOf({ account, principal }: Caller) {
  const arn = principal?.arn ?? rootArn(account);
  const userId = principal === undefined || principal.kind === 'root' ? account : principal.id;
  return { userId, account, arn };
}
