import type { Principal } from '../principal.ts';
import { rememberedJson } from './remembered-json.ts';

/** What is known of who calls: with no verified signature there is no principal. */
export type AuditedCaller = {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly accessKeyId?: string | undefined;
  readonly principal?: Principal | undefined;
};

/** CloudTrail's `userIdentity`. */
type UserIdentity = {
  readonly type: 'Root' | 'IAMUser' | 'AssumedRole';
  readonly principalId: string;
  readonly arn: string;
  readonly accountId: string;
  readonly userName?: string;
  readonly sessionContext?: object;
};

const remembered = new WeakMap<Principal, string>();

/** CloudTrail's `userIdentity` as JSON. Its type is Unknown where no signature has been verified. */
export function identityJson({ account, accessKeyId, principal }: AuditedCaller): string {
  const key = accessKeyId === undefined ? '' : `,"accessKeyId":${rememberedJson(accessKeyId)}`;
  if (!principal) {
    return `{"type":"Unknown"${account === undefined ? '' : `,"accountId":${rememberedJson(account)}`}${key}}`;
  }
  let known = remembered.get(principal);
  if (known === undefined) {
    known = JSON.stringify(identityOf(principal)).slice(0, -1);
    remembered.set(principal, known);
  }
  return `${known}${key}}`;
}

function identityOf(principal: Principal): UserIdentity {
  const { arn, account: accountId } = principal;
  switch (principal.kind) {
    case 'root':
      return { type: 'Root', principalId: accountId, arn, accountId };
    case 'user':
      return { type: 'IAMUser', principalId: principal.id, arn, accountId, userName: principal.name };
    case 'session': {
      const { id, role } = principal;
      const [principalId = id] = id.split(':', 1);
      const issuer = { type: 'Role', principalId, arn: `arn:aws:iam::${accountId}:role/${role}`, accountId };
      const sessionContext = { sessionIssuer: { ...issuer, userName: role } };
      return { type: 'AssumedRole', principalId: id, arn, accountId, sessionContext };
    }
  }
}
