import { PolicyStore } from '../../access/authorisation/policy-store.ts';
import { PolicyVersions } from '../../access/authorisation/policy-versions.ts';
import { OidcProviderStore } from '../../access/principals/oidc-provider-store.ts';
import { PrincipalStore } from '../../access/principals/principal-store.ts';
import { principalsChange } from '../../access/principals/principals-change.ts';
import { RoleStore } from '../../access/principals/role-store.ts';
import type { SecretKey } from '../../access/principals/secret-key.ts';
import type { TokenParts } from '../../access/sts/make-session.ts';
import type { Database } from '../../data/database/database.ts';
import type { DialectName } from '../../data/database/dialect.ts';
import type { Family } from '../family.ts';
import { callerIdentityHandlers } from './caller-identity.ts';
import { iamHandlers } from './iam/iam-handlers.ts';
import { policyHandlers } from './policy-operations.ts';
import { principalHandlers } from './principal-operations.ts';
import { roleHandlers } from './role-operations.ts';
import { openSessionHandlers, sessionHandlers } from './session-operations.ts';

type AccessParts = {
  readonly database: Database;
  readonly dialect: DialectName;
  /** What secrets are encrypted with, made where there is none. */
  readonly secretKey: () => Promise<SecretKey>;
  readonly now: () => number;
  /** Runs after each change. */
  readonly onChange?: () => Promise<void>;
};

/** What the people who run a server do with accounts, users, roles, access keys and policies. */
export function accessHandlers(parts: AccessParts) {
  const { database, dialect, secretKey, now } = parts;
  const change = changeOf(parts);
  return {
    ...principalHandlers(new PrincipalStore({ database, secretKey, change }), { change, dialect }),
    ...roleHandlers({
      ...{ change, secretKey },
      roles: new RoleStore(database, change),
      providers: new OidcProviderStore(database, change),
    }),
    ...policyHandlers({ store: new PolicyStore(database, change), database, now }),
  };
}

const changeOf = ({ database, now, onChange }: AccessParts) =>
  principalsChange({ database, now, ...(onChange && { onChange }) });

/** What clients of IAM and STS do with the same. */
function identityHandlers(parts: AccessParts) {
  const { database, secretKey, now } = parts;
  const change = changeOf(parts);
  const iam = iamHandlers({
    ...{ database, change, now },
    principals: new PrincipalStore({ database, secretKey, change }),
    roles: new RoleStore(database, change),
    policies: new PolicyStore(database, change),
    versions: new PolicyVersions(database, change),
    providers: new OidcProviderStore(database, change),
  });
  return { ...iam, ...callerIdentityHandlers };
}

type FamilyParts = AccessParts & {
  /** What somebody may do; undefined where signatures are not verified. */
  readonly rightsOf: TokenParts['rightsOf'] | undefined;
};

/** Accounts and all that is in them, as those who run the server see them and as IAM's clients do. */
export const accessFamily = ({ rightsOf, ...parts }: FamilyParts): Family => ({
  kinds: [],
  operations: () => ({
    ...accessHandlers(parts),
    ...identityHandlers(parts),
    ...(rightsOf ? sessionHandlers({ ...parts, rightsOf }) : openSessionHandlers(parts.now)),
  }),
});
