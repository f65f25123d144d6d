import { ServiceError } from '../../contract/errors.ts';
import { type CallOrigin, federatedKeys } from '../authorisation/request-keys.ts';
import { type IdentityToken, type TokenVerifierParts, verifyIdentityToken } from '../federation/identity-token.ts';
import { accountOfRole, findRole, type Role } from '../principals/role-store.ts';
import { type AssumedRole, makeSession, type TokenParts } from './make-session.ts';
import { refusalOf } from './role-question.ts';
import { type SessionWish, tagsOf } from './session-terms.ts';

export type FederatedRole = AssumedRole & { readonly token: IdentityToken };

export type WebIdentityParts = TokenParts & Pick<TokenVerifierParts, 'keys'>;

/** Tags and the source identity come with the token. */
export type WebIdentityWish = Omit<SessionWish, 'tags' | 'transitiveTagKeys' | 'sourceIdentity'> & {
  readonly token: string;
};

/**
 * Makes a session of a role for who has the token of an issuer that the role's account knows and its trust policy lets.
 *
 * @throws ServiceError AccessDeniedException, for a role that is not there, too; else as verifyIdentityToken,
 *   makeSession and tagsOf
 */
export async function assumeRoleWithWebIdentity(
  parts: WebIdentityParts,
  origin: CallOrigin,
  { token: text, ...asked }: WebIdentityWish,
): Promise<FederatedRole> {
  const token = await verifyIdentityToken(parts, { token: text, account: accountOfRole(asked.roleArn) });
  const { tags, transitiveTagKeys, sourceIdentity, federation } = token;
  const wish = { ...asked, tags, transitiveTagKeys, sourceIdentity };
  const carried = tagsOf({}, wish);
  const role = await findRole(parts.database, wish.roleArn);
  if (!role || !isTrusted(role, parts.now())) {
    throw new ServiceError('AccessDeniedException', 'Not authorized to perform sts:AssumeRoleWithWebIdentity');
  }
  const session = await makeSession(parts, role, { wish, carried, sourceIdentity, federation, isChained: false });
  return { ...session, token };

  function isTrusted(role: Role, now: number): boolean {
    const refusal = refusalOf({
      ...{ role, wish, carried, sourceIdentity },
      requester: { kind: 'federated', provider: federation.provider },
      policies: undefined,
      action: 'sts:AssumeRoleWithWebIdentity',
      keys: federatedKeys({ ...origin, federation, now }),
    });
    return refusal === undefined;
  }
}
