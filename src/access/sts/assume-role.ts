import { ServiceError } from '../../contract/errors.ts';
import { type CallOrigin, requestKeys } from '../authorisation/request-keys.ts';
import { denialText } from '../policies/denial.ts';
import type { Principal, RoleSession } from '../principal.ts';
import { requesterOf } from '../principals/requester-of.ts';
import { findRole } from '../principals/role-store.ts';
import { type AssumedRole, makeSession, type TokenParts } from './make-session.ts';
import { type Refusal, refusalOf, unallowed } from './role-question.ts';
import { type SessionWish, tagsOf } from './session-terms.ts';

/** Who has signed a call, and where it comes from. */
export type SignedCall = { readonly principal: Principal; readonly origin: CallOrigin };

export type AssumeRoleWish = SessionWish & {
  /** What the owner of the role has agreed on with who asks for it. */
  readonly externalId?: string | undefined;
};

/**
 * Makes a session of a role for who has signed, if the role's trust policy lets it and, where that leaves it to them,
 * the caller's own policies.
 *
 * @throws ServiceError AccessDeniedException, for a role that is not there, too; else as makeSession and tagsOf
 */
export async function assumeRole(
  parts: TokenParts,
  { principal, origin }: SignedCall,
  wish: AssumeRoleWish,
): Promise<AssumedRole> {
  const isChained = principal.kind === 'session';
  const asking: Pick<RoleSession, 'tags' | 'transitiveTagKeys' | 'sourceIdentity'> = isChained ? principal : {};
  const carried = tagsOf(asking, wish);
  const sourceIdentity = asking.sourceIdentity ?? wish.sourceIdentity;
  if (wish.sourceIdentity !== undefined && wish.sourceIdentity !== sourceIdentity) {
    throw denied(principal, wish.roleArn, { ...unallowed, action: 'sts:SetSourceIdentity' });
  }
  const role = await findRole(parts.database, wish.roleArn);
  if (!role) throw denied(principal, wish.roleArn, { ...unallowed, action: 'sts:AssumeRole' });
  const rights = parts.rightsOf(principal);
  const refusal = refusalOf({
    ...{ role, wish, carried, sourceIdentity },
    requester: requesterOf(principal),
    policies: rights.policies,
    action: 'sts:AssumeRole',
    keys: requestKeys({ ...origin, ...rights, principal, now: parts.now() }),
  });
  if (refusal) throw denied(principal, wish.roleArn, refusal);
  return await makeSession(parts, role, { wish, carried, sourceIdentity, isChained });
}

const denied = ({ arn }: Principal, roleArn: string, refusal: Refusal) =>
  new ServiceError('AccessDeniedException', denialText(arn, refusal.action, roleArn, refusal));
