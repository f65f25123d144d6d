import type { Principal } from '../principal.ts';

/** What is known of who calls: with no verified signature there is no principal. */
export type AuditedCaller = {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly accessKeyId?: string | undefined;
  readonly principal?: Principal | undefined;
};

/** CloudTrail's `userIdentity`. */
export type UserIdentity = {
  /** Unknown where no signature has been verified. */
  readonly type: 'Root' | 'IAMUser' | 'AssumedRole' | 'Unknown';
  readonly principalId?: string;
  readonly arn?: string;
  readonly accountId?: string;
  readonly accessKeyId?: string;
  readonly userName?: string;
  readonly sessionContext?: object;
};

export function userIdentity({ account, accessKeyId, principal }: AuditedCaller): UserIdentity {
  const key = accessKeyId === undefined ? {} : { accessKeyId };
  if (!principal) return { type: 'Unknown', ...(account !== undefined && { accountId: account }), ...key };
  const { arn, account: accountId } = principal;
  switch (principal.kind) {
    case 'root':
      return { type: 'Root', principalId: accountId, arn, accountId, ...key };
    case 'user':
      return { type: 'IAMUser', principalId: principal.id, arn, accountId, ...key, userName: principal.name };
    case 'session': {
      const { id, role } = principal;
      const [principalId = id] = id.split(':', 1);
      const issuer = { type: 'Role', principalId, arn: `arn:aws:iam::${accountId}:role/${role}`, accountId };
      const sessionContext = { sessionIssuer: { ...issuer, userName: role } };
      return { type: 'AssumedRole', principalId: id, arn, accountId, ...key, sessionContext };
    }
  }
}
