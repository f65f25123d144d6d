import type { Database } from '../../data/database/database.ts';
import type { PrincipalRights } from '../authorisation/authorise.ts';
import type { Federation, Principal, RoleSession } from '../principal.ts';
import { roleSession } from '../principals/role-session.ts';
import type { Role } from '../principals/role-store.ts';
import type { SecretKey } from '../principals/secret-key.ts';
import { newSession, type TemporaryCredentials } from '../principals/sessions.ts';
import { lifetimeOf, limitsOf, packedSize, type SessionTags, type SessionWish } from './session-terms.ts';

/** What makes temporary credentials. */
export type TokenParts = {
  readonly database: Database;
  /** What tokens are sealed with. */
  readonly secretKey: () => Promise<SecretKey>;
  readonly rightsOf: (principal: Principal) => PrincipalRights;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
};

/** A session of a role with its credentials. */
export type AssumedRole = {
  readonly principal: RoleSession;
  readonly credentials: TemporaryCredentials;
  /** How much of what a session can carry it carries, in percent; undefined for one without policies and tags. */
  readonly packedPolicySize: number | undefined;
};

type GrantedSession = {
  readonly wish: SessionWish;
  readonly carried: SessionTags;
  readonly sourceIdentity: string | undefined;
  readonly federation?: Federation | undefined;
  /** A session of a role has asked for it. */
  readonly isChained: boolean;
};

/** Makes a session that is allowed. @throws ServiceError as the functions of session-terms.ts */
export async function makeSession(
  { database, secretKey, now }: TokenParts,
  role: Role,
  { wish, carried, sourceIdentity, federation, isChained }: GrantedSession,
): Promise<AssumedRole> {
  const issuedAt = now();
  const expiresAt = issuedAt + lifetimeOf(role, wish, isChained) * 1000;
  const limits = await limitsOf(database, role.account, wish);
  const packedPolicySize = packedSize({ limits, tags: carried.tags, federation });
  const principal = roleSession(role, {
    ...{ session: wish.session, issuedAt },
    ...(limits && { limits }),
    ...(carried.tags.length > 0 && carried),
    ...(sourceIdentity !== undefined && { sourceIdentity }),
    ...(federation && { federation }),
  });
  const credentials = newSession(await secretKey(), { principal, expiresAt });
  return { principal, credentials, packedPolicySize };
}
