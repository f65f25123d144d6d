import type { AuditedCaller } from '../../access/audit/user-identity.ts';
import { accountOfRole } from '../../access/principals/role-store.ts';
import type { EndedCall } from '../pipeline.ts';

/**
 * Who has called with the token of an issuer, for the account of the role that is asked for. Of a call that failed,
 * nobody has verified the token.
 */
export function federatedCaller(
  { account: _, ...caller }: AuditedCaller,
  { input = {}, output = {} }: Pick<EndedCall, 'input' | 'output'>,
): AuditedCaller {
  const account = accountOfRole(textAt(input, 'roleArn')) || undefined;
  const [provider, audience] = [textAt(output, 'provider'), textAt(output, 'audience')];
  const subject = textAt(output, 'subjectFromWebIdentityToken');
  return { ...caller, account, ...(provider !== '' && { webIdentity: { provider, audience, subject } }) };
}

function textAt(value: object, member: string): string {
  const found: unknown = Reflect.get(value, member);
  return typeof found === 'string' ? found : '';
}
