import { mostVersions } from '../../../access/authorisation/policy-versions.ts';
import { listKeys, listUsers } from '../../../access/principals/users.ts';
import type { HandlersOf } from '../../handler.ts';
import type { IamParts } from './iam-parts.ts';

export const accountHandlers = ({
  database,
  roles,
  policies,
  providers,
}: IamParts): HandlersOf<'GetAccountSummary' | 'ListAccountAliases'> => ({
  async GetAccountSummary(_input, { account }) {
    const rootKeys = await listKeys(database, { account, user: undefined });
    return {
      summaryMap: {
        Users: (await listUsers(database, account)).length,
        Groups: 0,
        Roles: (await roles.list(account)).length,
        Policies: (await policies.listPolicies(account)).length,
        Providers: (await providers.list(account)).length,
        AccessKeysPerUserQuota: 2,
        AccountAccessKeysPresent: rootKeys.length > 0 ? 1 : 0,
        AccountMFAEnabled: 0,
        VersionsPerPolicyQuota: mostVersions,
      },
    };
  },

  ListAccountAliases: async () => ({ accountAliases: [], isTruncated: false }),
});
