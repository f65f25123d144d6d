import type { PolicyStore } from '../../../access/authorisation/policy-store.ts';
import type { PolicyVersions } from '../../../access/authorisation/policy-versions.ts';
import type { OidcProviderStore } from '../../../access/principals/oidc-provider-store.ts';
import type { PrincipalStore } from '../../../access/principals/principal-store.ts';
import type { PrincipalsChange } from '../../../access/principals/principals-change.ts';
import type { RoleStore } from '../../../access/principals/role-store.ts';
import type { Database } from '../../../data/database/database.ts';

/** What IAM's operations work with. */
export type IamParts = {
  readonly database: Database;
  readonly change: PrincipalsChange;
  readonly principals: PrincipalStore;
  readonly roles: RoleStore;
  readonly policies: PolicyStore;
  readonly versions: PolicyVersions;
  readonly providers: OidcProviderStore;
  readonly now: () => number;
};
