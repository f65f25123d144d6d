import type { Principal, RoleSession } from '../principal.ts';
import { rememberedJson } from './remembered-json.ts';

/** What is known of who calls: with no verified signature there is no principal. */
export type AuditedCaller = {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly accessKeyId?: string | undefined;
  readonly principal?: Principal | undefined;
  /** The service that has made the call itself, such as `personalize.amazonaws.com`. */
  readonly invokedBy?: string | undefined;
  /** Of who has shown the token of an issuer instead of a signature. */
  readonly webIdentity?: WebIdentity | undefined;
};

/** What a verified token of an issuer says. */
export type WebIdentity = {
  /** ARN of the issuer. */
  readonly provider: string;
  readonly audience: string;
  readonly subject: string;
};

/** CloudTrail's `sessionContext`: the role that a session is of, and how it came to be. */
type SessionContext = {
  readonly sessionIssuer?: {
    readonly type: 'Role';
    readonly principalId: string;
    readonly arn: string;
    readonly accountId: string;
    readonly userName: string;
  };
  readonly webIdFederationData?: { readonly federatedProvider: string; readonly attributes: object };
  readonly attributes: { readonly creationDate: string; readonly mfaAuthenticated: 'false' };
  readonly sourceIdentity?: string;
};

/** CloudTrail's `userIdentity`. */
type UserIdentity = {
  readonly type: 'Root' | 'IAMUser' | 'AssumedRole';
  readonly principalId: string;
  readonly arn: string;
  readonly accountId: string;
  readonly userName?: string;
  readonly sessionContext?: SessionContext;
};

const remembered = new WeakMap<Principal, string>();

/** CloudTrail's `userIdentity` as JSON. Its type is Unknown where no signature has been verified. */
export function identityJson({ account, accessKeyId, principal, invokedBy, webIdentity }: AuditedCaller): string {
  if (webIdentity) return webIdentityJson(webIdentity);
  const by = invokedBy === undefined ? '' : `,"invokedBy":${rememberedJson(invokedBy)}`;
  const key = accessKeyId === undefined ? by : `,"accessKeyId":${rememberedJson(accessKeyId)}${by}`;
  if (!principal) {
    const type = invokedBy === undefined ? 'Unknown' : 'AWSService';
    return `{"type":"${type}"${account === undefined ? '' : `,"accountId":${rememberedJson(account)}`}${key}}`;
  }
  let known = remembered.get(principal);
  if (known === undefined) {
    known = JSON.stringify(identityOf(principal)).slice(0, -1);
    remembered.set(principal, known);
  }
  return `${known}${key}}`;
}

const webIdentityJson = ({ provider: identityProvider, audience, subject: userName }: WebIdentity) =>
  JSON.stringify({
    type: 'WebIdentityUser',
    principalId: `${identityProvider}:${audience}:${userName}`,
    userName,
    identityProvider,
  });

function identityOf(principal: Principal): UserIdentity {
  const { arn, account: accountId } = principal;
  switch (principal.kind) {
    case 'root':
      return { type: 'Root', principalId: accountId, arn, accountId, ...temporary(principal.issuedAt) };
    case 'user': {
      const of = { principalId: principal.id, arn, accountId, userName: principal.name };
      return { type: 'IAMUser', ...of, ...temporary(principal.issuedAt) };
    }
    case 'session': {
      const of = { principalId: principal.id, arn, accountId };
      return { type: 'AssumedRole', ...of, sessionContext: sessionContext(principal) };
    }
  }
}

/** Of temporary credentials of a user or an account's root. */
const temporary = (issuedAt: number | undefined) =>
  issuedAt === undefined ? {} : { sessionContext: { attributes: attributesOf(issuedAt) } };

const attributesOf = (issuedAt: number) => ({
  creationDate: `${new Date(issuedAt).toISOString().slice(0, 19)}Z`,
  mfaAuthenticated: 'false' as const,
});

function sessionContext({ id, account, role, roleArn, issuedAt, ...session }: RoleSession): SessionContext {
  const [principalId = id] = id.split(':', 1);
  const { federation, sourceIdentity } = session;
  return {
    sessionIssuer: { type: 'Role', principalId, arn: roleArn, accountId: account, userName: role },
    // What the token says of a person stays out of the trail.
    ...(federation && { webIdFederationData: { federatedProvider: federation.provider, attributes: {} } }),
    attributes: attributesOf(issuedAt),
    ...(sourceIdentity !== undefined && { sourceIdentity }),
  };
}
